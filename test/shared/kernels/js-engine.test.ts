import { jsEngineFromFirst } from '../../../shared/kernels/js-engine.ts';
import { engineContract } from './engine-contract.ts';

engineContract('plain TypeScript engine', {
  create: async (of) => jsEngineFromFirst(of, of.first),
  tolerance: 2e-5,
});
