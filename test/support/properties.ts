/**
 * fast-check with a seed that is always the same: what a run of the tests finds says something of the sources, not of its
 * luck. `NACRE_SEED=$RANDOM npm run -s jest -- test/transport` tries others.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['NACRE_SEED'] ?? 20_261_127) });

export { default, type Arbitrary } from 'fast-check';
