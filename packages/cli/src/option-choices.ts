import * as v from 'valibot';

/** An option that takes one of a few values. */
export interface OptionChoice {
  readonly option: string;
  readonly values: readonly (string | number | boolean)[];
  /** What it is about, as the author of the schema says (valibot's `description`). */
  readonly description?: string;
  /** Of a variant's discriminator: the options that there are beside each value. */
  readonly beside?: ReadonlyMap<unknown, readonly string[]>;
}

/** What the schemas of valibot have of which this module knows; any other schema has none of it. */
interface Node {
  readonly type?: unknown;
  readonly wrapped?: Node;
  readonly entries?: Readonly<Record<string, Node>>;
  /** Of a picklist its values, of a variant its objects. */
  readonly options?: readonly (Node | string | number)[];
  readonly literal?: string | number | boolean;
  /** Of a variant: the option that says which of its objects is meant. */
  readonly key?: string;
  readonly pipe?: readonly unknown[];
}

/**
 * The options in a schema that take one of a few values: picklists and booleans, the discriminator of a variant, and within a
 * variant the options of that object which the given options choose. Read from the schema alone, so that a plugin of anybody's
 * has its alternatives; one without a valibot schema has none that could be known.
 */
export function optionChoices(schema: unknown, options: Readonly<Record<string, unknown>>): OptionChoice[] {
  const root = core(schema as Node | undefined);
  if (root?.type !== 'variant') return choicesOf(root?.entries ?? {});
  const key = root.key ?? '';
  const branches = (root.options ?? []).map((branch) => core(branch as Node)?.entries ?? {});
  const which = branches.map((entries) => core(entries[key])?.literal);
  const beside = new Map(which.map((value, i) => [value, Object.keys(branches[i] ?? {})]));
  const chosen = branches[which.indexOf(options[key] as string)] ?? {};
  const values = which.filter((value) => value !== undefined);
  return [{ option: key, values, beside, ...described(chosen[key]) }, ...choicesOf(chosen)];
}

const choicesOf = (entries: Readonly<Record<string, Node>>): OptionChoice[] =>
  Object.entries(entries).flatMap(([option, entry]) => {
    const node = core(entry);
    const values = node?.type === 'boolean' ? [false, true] : node?.type === 'picklist' ? (node.options ?? []) : [];
    return values.length === 0 ? [] : [{ option, values: values as OptionChoice['values'], ...described(entry) }];
  });

/** The schema inside `optional` and its like. */
function core(node: Node | undefined): Node | undefined {
  let inner = node;
  while (inner?.wrapped) inner = inner.wrapped;
  return inner;
}

/** A description stands in a pipe, inside `optional` or around it. */
function described(node: Node | undefined): Pick<OptionChoice, 'description'> {
  for (let layer = node; layer; layer = layer.wrapped) {
    const description = v.getDescription(layer as v.GenericSchema);
    if (description !== undefined) return { description };
  }
  return {};
}
