/** What an import read, kept, changed and left out: every row is in one of the counts. */

/** One step: `in` = `out` + everything in `removed`. */
export interface StageCount {
  stage: string;
  /** What is counted: lines, rows, events. */
  unit: string;
  in: number;
  out: number;
  /** How many, by reason. */
  removed: Record<string, number>;
  /** Where some of the removed rows stood, as `file:line`. */
  examples?: string[];
}

export interface QualityReport {
  format: string;
  /** Epoch milliseconds. */
  imported: number;
  files: { file: string; bytes: number; rows: number }[];
  stages: StageCount[];
  /** Values that were brought to one form, by what was done. */
  normalised: Record<string, number>;
  rejected: number;
  rejectsFile?: string;
  /** Rows per file of the folder after the import. */
  written: Record<string, number>;
  unknownProducts: { skus: number; events: number; examples: string[] };
  notes: string[];
}

export function emptyReport(format: string, imported: number): QualityReport {
  return {
    format,
    imported,
    files: [],
    stages: [],
    normalised: {},
    rejected: 0,
    written: {},
    unknownProducts: { skus: 0, events: 0, examples: [] },
    notes: [],
  };
}

export function countUp(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

/** The report for people: a table of the stages, then what else is worth knowing. */
export function qualityTable(report: QualityReport): string[] {
  const rows = report.stages.map((stage) => [
    stage.stage,
    stage.unit,
    String(stage.in),
    String(stage.out),
    Object.entries(stage.removed)
      .filter(([, n]) => n > 0)
      .map(([reason, n]) => `${n} ${reason}`)
      .join(', ') || '-',
  ]);
  const table = aligned([['stage', 'unit', 'in', 'out', 'removed'], ...rows]);
  const lines = (title: string, counts: Record<string, number>): string[] =>
    Object.entries(counts).map(([name, n]) => `${title} ${name}: ${n}`);
  const unknown = report.unknownProducts;
  return [
    ...table,
    '',
    ...lines('normalised', report.normalised),
    ...lines('written', report.written),
    ...(unknown.skus === 0
      ? []
      : [
          `${unknown.events} events of ${unknown.skus} products that the catalogue lacks, kept: ${unknown.examples.join(', ')}`,
        ]),
    ...(report.rejected === 0
      ? []
      : [`${report.rejected} rows rejected, each with its reason in ${report.rejectsFile}`]),
    ...report.notes,
  ];
}

function aligned(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 2 || column === 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
