/** What `doctor` looks at: each check is a function in checks.ts, and a failure is a value. */

export interface Finding {
  level: 'ok' | 'warn' | 'fail';
  /** What was found. */
  text: string;
  /** What to do about it; on every warning and failure. */
  fix?: string;
}

export interface CheckContext {
  env: Record<string, string | undefined>;
  /** `process.versions.node`. */
  node: string;
  /** Folder of database and keys, where one was named. */
  db?: string;
  /** Where the package lies. */
  root: string;
  ports: readonly number[];
}

export interface Check {
  name: string;
  run(context: CheckContext): Promise<Finding> | Finding;
}

/** Runs the checks in order; one that throws has failed, and its message says why. */
export async function examine(
  checks: readonly Check[],
  context: CheckContext,
): Promise<(Finding & { name: string })[]> {
  const findings: (Finding & { name: string })[] = [];
  for (const { name, run } of checks) {
    try {
      findings.push({ name, ...(await run(context)) });
    } catch (error) {
      const fix = 'npm ci installs it again; on a new Node version: npm rebuild';
      findings.push({ name, level: 'fail', text: (error as Error).message.split('\n')[0]!, fix });
    }
  }
  return findings;
}
