import { type Arena, PAGE, PAGE_OWNER } from '@checkstop/kernel';

/**
 * Who owns a page of RAM while exploring. Every page begins as constant: reading it concerns nobody. The first store
 * makes it private to the agent that stored, so its touches stay local; a touch by anyone else makes it shared. Either
 * is found out only when it happens, and what was explored before rested on the old owner, so exploring starts again;
 * owners only ever move up, so that ends.
 */
export class OwnershipChanged {
  constructor(
    readonly page: number,
    readonly agent: number,
  ) {}
}

/** Moves a page up after an agent touched it against its owner. */
export function promote(arena: Arena, { page, agent }: OwnershipChanged): void {
  const isConstant = arena.pageOwner(page) === PAGE_OWNER.CONSTANT;
  arena.claim(page, isConstant ? agent + 1 : PAGE_OWNER.SHARED);
}

/** Remembers the owners of all pages, gives every page to `owner`, and answers with what puts them back. */
export function claimAnew(arena: Arena, owner: number = PAGE_OWNER.CONSTANT): () => void {
  const { pageOwners, ramSize } = arena.layout;
  const before = arena.u8.slice(pageOwners, pageOwners + ramSize / PAGE);
  arena.claimAll(owner);
  return () => arena.u8.set(before, pageOwners);
}
