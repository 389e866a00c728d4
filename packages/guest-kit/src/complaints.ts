import type { Machine } from '@checkstop/kernel';

/** What the machine's properties complain of from now on, as it is found: `resumeContext: ...`. */
export function complaintsOf(machine: Machine): readonly string[] {
  const complaints: string[] = [];
  for (const property of machine.properties) {
    if (property.kind !== 'event') continue;
    for (const event of property.on)
      machine.bus.on(event, (payload) => {
        const complaint = property.check(payload, event);
        if (complaint) complaints.push(`${property.name}: ${complaint}`);
      });
  }
  return complaints;
}
