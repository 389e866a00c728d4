import { describe, expect, it } from 'vitest';
import { Bus, type Dispose } from './bus.ts';

declare module '@checkstop/kernel' {
  interface Events {
    'test.number': { readonly value: number };
  }
}

describe('Bus', () => {
  it('runs handlers in order and undoes a subscription once', () => {
    const bus = new Bus();
    const seen: string[] = [];
    const dispose = bus.on('test.number', ({ value }) => seen.push(`a${value}`));
    bus.on('test.number', ({ value }) => seen.push(`b${value}`));
    bus.emit('test.number', { value: 1 });
    dispose();
    dispose();
    bus.emit('test.number', { value: 2 });
    expect(seen).toEqual(['a1', 'b1', 'b2']);
  });

  it('takes a handler as often as it subscribed', () => {
    const bus = new Bus();
    let calls = 0;
    const handler = () => void calls++;
    const dispose = bus.on('test.number', handler);
    bus.on('test.number', handler);
    bus.emit('test.number', { value: 1 });
    expect(calls).toBe(2);
    dispose();
    bus.emit('test.number', { value: 1 });
    expect(calls).toBe(3);
  });

  it('bails at the first answer, collects all, and passes a waterfall on', () => {
    const bus = new Bus();
    bus.on('test.number', ({ value }) => (value > 1 ? { value: value * 2 } : undefined));
    bus.on('test.number', ({ value }) => ({ value: value + 1 }));
    expect(bus.bail('test.number', { value: 5 })).toEqual({ value: 10 });
    expect(bus.bail('test.number', { value: 1 })).toEqual({ value: 2 });
    expect(bus.collect('test.number', { value: 5 })).toEqual([{ value: 10 }, { value: 6 }]);
    expect(bus.waterfall('test.number', { value: 5 })).toEqual({ value: 11 });
  });

  it('taps every dispatch before and after', () => {
    const bus = new Bus();
    const seen: string[] = [];
    bus.on('test.number', () => seen.push('handler'));
    bus.before((name) => seen.push(`before ${name}`));
    const dispose = bus.after((name) => seen.push(`after ${name}`));
    bus.emit('test.number', { value: 1 });
    dispose();
    bus.emit('test.number', { value: 1 });
    expect(seen).toEqual(['before test.number', 'handler', 'after test.number', 'before test.number', 'handler']);
  });

  it('does not disturb a dispatch under way when somebody leaves', () => {
    const bus = new Bus();
    const seen: string[] = [];
    const dispose: Dispose = bus.on('test.number', () => dispose());
    bus.on('test.number', () => seen.push('second'));
    bus.emit('test.number', { value: 1 });
    expect(seen).toEqual(['second']);
  });
});
