import { CheckstopError, type Fields, type PluginContext, type State } from '@checkstop/kernel';
import type { Vcpu } from '@checkstop/ppc-core';
import { type Outcome, outcomes, type StepContext, type StepMachine, type StepsDefinition } from './steps.ts';

/** One step of one machine, under its number. */
export interface Step {
  readonly name: string;
  readonly machine: StepMachine;
  run(agent: number): Outcome;
}

/** All step machines of a hypervisor. Steps are numbered across machines, so that a number says where a vCPU is. */
export class Program {
  private readonly steps: Step[] = [];
  private readonly locals = new Map<StepMachine, State<Fields>>();

  constructor(
    private readonly ctx: PluginContext,
    private readonly vcpu: (agent: number) => Vcpu,
  ) {}

  /** Adds a machine; the definition's locals are declared as state of each vCPU. */
  add<L extends Fields, S extends string>(definition: StepsDefinition<L, S>): StepMachine {
    const { name, clobbers = 'hcall' } = definition;
    const machine: StepMachine = { name, first: this.steps.length, clobbers };
    const locals = definition.locals && this.ctx.state('perAgent', `steps.${name}`, definition.locals);
    if (locals) this.locals.set(machine, locals);
    // Contexts hold accessors only, never values.
    const contexts: StepContext<L, S>[] = [];
    const contextOf = (agent: number): StepContext<L, S> => {
      contexts[agent] ??= {
        ...outcomes,
        agent,
        vcpu: this.vcpu(agent),
        locals: locals?.at(agent) ?? ({} as StepContext<L, S>['locals']),
      };
      return contexts[agent];
    };
    for (const step of Object.keys(definition.steps) as S[])
      this.steps.push({ name: step, machine, run: (agent) => definition.steps[step](contextOf(agent)) });
    if (machine.first === this.steps.length)
      throw new CheckstopError('STEPS_EMPTY', `The step machine '${machine.name}' has no steps; give it at least one.`);
    return machine;
  }

  /** Is this a machine that was added here? */
  owns(machine: unknown): machine is StepMachine {
    return this.steps.some((step) => step.machine === machine);
  }

  /** The step with this number. */
  step(number: number): Step {
    return this.steps[number] as Step;
  }

  /** The number of a machine's step by name. @throws CheckstopError STEPS_UNKNOWN_STEP */
  numberOf(machine: StepMachine, name: string): number {
    for (let number = machine.first; this.steps[number]?.machine === machine; number++)
      if (this.steps[number]?.name === name) return number;
    throw new CheckstopError(
      'STEPS_UNKNOWN_STEP',
      `The step machine '${machine.name}' goes on with '${name}', which is not one of its steps.`,
      { machine: machine.name, step: name },
    );
  }

  /** Zeroes the locals of a machine that ends. */
  end(agent: number, machine: StepMachine): void {
    this.locals.get(machine)?.clear(agent);
  }
}
