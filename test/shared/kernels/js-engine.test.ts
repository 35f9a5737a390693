import { expect, it } from 'vitest';
import { jsEngineFromFirst } from '../../../shared/kernels/js-engine.ts';
import { seeded } from '../../../shared/random.ts';
import { DEFAULT_SIZE, randomCase } from '../../helpers/engine-case.ts';
import { engineContract } from './engine-contract.ts';

engineContract('plain TypeScript engine', {
  create: async (of) => jsEngineFromFirst(of, of.first),
  tolerance: 2e-5,
});

it('leaves texts alone: plain TypeScript would take too long for them', () => {
  const given = randomCase(DEFAULT_SIZE, seeded('plain engine'));
  const engine = jsEngineFromFirst(given, given.first);
  expect(engine.tier).toBe('js');
  expect(engine).not.toHaveProperty('encodeText');
});
