/** Before any test: the kernels, if their sources changed since the last build. */

export { buildKernels as setup } from '../../sdk/build-kernels.ts';
