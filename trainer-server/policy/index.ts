/** Learning policies from logged decisions. */

export { adaptationOf } from './adaptation-prior.ts';
export { type ExportedPolicy, exportPolicy } from './export-policy.ts';
export { fitSpec } from './fit-spec.ts';
export { LEAST_DECISIONS, type PolicyReport } from './learn-policy.ts';
export { openPolicy, policyOf } from './policy-of.ts';
export { POLICY_OPTIONS, type PolicyOptions } from './policy-options.ts';
export { type PolicyInput, type PolicyModel, trainPolicy } from './train-policy.ts';
