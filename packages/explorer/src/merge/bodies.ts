/**
 * Whom a behaviour is about. A *body* is an image together with the agent that has it, as one number, so that images of
 * several agents can be taken for one; each is tried in shared images as its agent sees them.
 */
export interface Bodies {
  of(agent: number, image: number): number;
  agentOf(body: number): number;
  imageOf(body: number): number;
  /** A shared image as an agent sees it, and the other way: the one of which this one is what the agent sees. */
  seen(agent: number, shared: number): number;
}

/** The bodies of one agent, which sees what is there. */
export const bodiesOf = (agent: number): Bodies => ({
  of: (_, image) => image,
  agentOf: () => agent,
  imageOf: (body) => body,
  seen: (_, shared) => shared,
});
