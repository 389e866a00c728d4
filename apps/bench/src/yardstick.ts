/**
 * States that SPIN 6.5.2 stores, partial-order reduction on, for a good model of each cell by another hand. Our own models
 * may store at most a tenth more (models.oracle.test.ts), so that what we compare with is no strawman.
 * Key: strategy, vCPUs, checks on each; the guest keeps nothing in SPRG2.
 */
export const yardstick: Readonly<Record<string, number>> = {
  'hcall-busy 2 1': 15_733,
  'hcall-wait 2 1': 9_580,
  'illegal-instruction 2 1': 5_503,
  'direct-exit 2 1': 5_233,
  'hcall-busy 2 2': 612_887,
  'hcall-wait 2 2': 403_977,
  'illegal-instruction 2 2': 152_105,
  'direct-exit 2 2': 129_473,
  'hcall-busy 3 1': 1_024_490,
  'hcall-wait 3 1': 390_724,
  'illegal-instruction 3 1': 194_250,
  'direct-exit 3 1': 180_954,
};
