/** What sdk/build-kernels.ts writes, for a type check before the first build. */
declare module '*/generated/binaries.ts' {
  export const core: string;
  export const scan: string;
  export const dot: string;
  export const dotRelaxed: string;
}
