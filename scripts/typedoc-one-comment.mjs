/**
 * A plugin of typedoc. Members of a type that a schema infers are declared twice at the same place (valibot intersects an
 * object's type with itself to mark what is optional), so typedoc warns that their comments are several, although there is
 * one. Warnings are errors here, so that one is kept back; comments from different places are still complained of.
 */
const SEVERAL = / has multiple declarations with a comment\. /;

export const load = ({ logger }) => {
  const warn = logger.warn.bind(logger);
  const info = logger.info.bind(logger);
  let held;
  // Where the comments are is said next, one place a line.
  logger.warn = (...said) => {
    if (SEVERAL.test(said[0])) held = said;
    else warn(...said);
  };
  logger.info = (...said) => {
    const warning = held;
    held = undefined;
    if (warning && new Set(String(said[0]).split('\n\t').slice(1)).size === 1) return;
    if (warning) warn(...warning);
    info(...said);
  };
};
