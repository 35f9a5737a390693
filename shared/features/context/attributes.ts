/** The attributes that the shop declares, of whatever kind. */

import type { AttributeFeature } from '../spec.ts';
import { type ContextGroup, flag } from './group.ts';

export const name = 'attributes';

export const names: ContextGroup['names'] = (spec) => spec.attributes.flatMap(namesOf);

export const values: ContextGroup['values'] = ({ request, spec }) =>
  spec.attributes.flatMap((feature) => valuesOf(feature, request.attributes?.[feature.name]));

function namesOf(feature: AttributeFeature): string[] {
  const { name } = feature;
  switch (feature.kind) {
    case 'boolean':
      return [`${name}=true`, `${name}=false`];
    case 'category':
      return [...feature.values.map((value) => `${name}=${value}`), `${name}=other`, `${name}=missing`];
    case 'number':
      return [
        `${name}.missing`,
        `${name}.standard`,
        ...bins(feature.edges).map((bin) => `${name}.quantile.${bin}`),
      ];
  }
}

function valuesOf(feature: AttributeFeature, value: string | number | boolean | undefined): number[] {
  switch (feature.kind) {
    case 'boolean': {
      const read = booleanOf(value);
      return [flag(read === true), flag(read === false)];
    }
    case 'category': {
      if (value === undefined) return [...feature.values.map(() => 0), 0, 1];
      const known = feature.values.map((option) => flag(option === String(value)));
      return [...known, flag(!known.includes(1)), 0];
    }
    case 'number':
      return numberValues(feature, numberOf(value));
  }
}

function numberValues(
  { mean, deviation, edges }: AttributeFeature & { kind: 'number' },
  value: number | undefined,
): number[] {
  if (value === undefined) return [1, 0, ...bins(edges).map(() => 0)];
  const standard = deviation > 0 ? (value - mean) / deviation : 0;
  const bin = edges.findLastIndex((edge) => value >= edge) + 1;
  return [0, Math.max(-4, Math.min(4, standard)), ...bins(edges).map((i) => flag(i === bin))];
}

/** Edges [a, b] cut the line into bins 0 (below a), 1 and 2 (b and above). */
const bins = (edges: readonly number[]): number[] =>
  edges.length === 0 ? [] : Array.from({ length: edges.length + 1 }, (_, i) => i);

/** Numbers arrive as text from forms and CSV files; what does not read as a number is missing. */
function numberOf(value: string | number | boolean | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function booleanOf(value: string | number | boolean | undefined): boolean | undefined {
  if (value === true || value === 1 || value === 'true' || value === '1') return true;
  if (value === false || value === 0 || value === 'false' || value === '0') return false;
  return undefined;
}
