import { type Arena, type BottomProperty, GRANULE, type Images } from '@checkstop/kernel';
import type { Archive } from '../archive.ts';

/**
 * What bottom properties look at: the granules of agents' own state that their checks have read so far, of any agent. Images that
 * differ there are never one, whatever they do. Grows; whatever was merged before rested on less.
 */
export class Observed {
  private readonly granules = new Set<number>();
  /** Grows with every granule that is new. */
  get count(): number {
    return this.granules.size;
  }

  /** The first `count` granules, of an arena of so many bytes; when read they take the place of what is there. */
  archive(a: Archive, count: number, end: number): void {
    const addresses = a.numbers([...this.granules].slice(0, count), { high: end - GRANULE }, end / GRANULE);
    if (!a.reading) return;
    this.granules.clear();
    for (const address of addresses) {
      a.demand(address % GRANULE === 0);
      this.granules.add(address);
    }
  }

  /** Asks a property about the state in the arena, and remembers what it looks at. */
  check(arena: Arena, property: BottomProperty): string | undefined {
    let text: string | undefined;
    const read = arena.granulesRead(() => {
      text = property.check();
    });
    for (const granule of read) for (const other of alikes(arena, granule)) this.granules.add(other);
    return text;
  }

  /** What there is to see in an image of an agent. */
  of(images: Images, agent: number, image: number): string {
    const words: number[] = [];
    images.peek(agent, image, this.granules, words);
    return words.join();
  }
}

/** A granule of an agent's record, and the same one of every other agent's. */
function alikes({ layout }: Arena, granule: number): number[] {
  const { agents, agentBlocks, agentBlockSize } = layout;
  const offset = granule - agentBlocks;
  if (offset < 0 || offset >= agents * agentBlockSize) return [granule];
  return Array.from({ length: agents }, (_, agent) => agentBlocks + agent * agentBlockSize + (offset % agentBlockSize));
}
