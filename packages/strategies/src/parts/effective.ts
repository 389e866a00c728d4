import * as v from 'valibot';

/** An option that has no effect unless others say so. */
interface Need<O> {
  readonly option: keyof O & string;
  /** The value with which it asks for nothing: its default. */
  readonly initial: unknown;
  met(options: O): boolean;
  /** Why it has none, and what to say so that it has. */
  readonly text: string;
}

/** Refuses a value that would have no effect, so that no verdict speaks of it: for a schema of options, behind the object. */
export const effective = <O extends object>({ option, initial, met, text }: Need<O>) =>
  v.rawCheck<O>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const options: O = dataset.value;
    const value = options[option];
    if (value === initial || met(options)) return;
    const message = `${value} has no effect: ${text}, or leave it out`;
    addIssue({
      message,
      path: [
        { type: 'object', origin: 'value', input: Object.fromEntries(Object.entries(options)), key: option, value },
      ],
    });
  });
