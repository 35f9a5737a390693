/** A fixture's release as the trainer holds it before it is published. */

import type { CatalogueFile, FirstMeta } from '../../shared/bundle.ts';
import type { FileRole, Manifest } from '../../shared/manifest.ts';
import { readTensors } from '../../shared/tensors.ts';
import { type Bundle, sha256 } from '../../trainer-server/release/bundle.ts';
import { forDevices } from '../../trainer-server/release/device-files.ts';
import type { Fixture } from './bundle-fixture.ts';
import { signManifest } from './signing.ts';

type File = Manifest['files'][number];

/** @param more files beside the fixture's */
export function bundleOf(
  { signed, files: stored }: Fixture,
  more: readonly (Omit<File, 'sha256' | 'bytes'> & { content: Uint8Array })[] = [],
): Bundle {
  const added = more.map(({ content, ...file }) => ({
    ...file,
    sha256: sha256(content),
    bytes: content.length,
  }));
  const manifest = { ...signed.signed, files: [...signed.signed.files, ...added] };
  const contents = new Map<FileRole, Uint8Array | undefined>([
    ...signed.signed.files.map((file) => [file.role, stored.get(file.sha256)] as const),
    ...more.map(({ role, content }) => [role, content] as const),
  ]);
  const json = <T>(role: FileRole): T => JSON.parse(new TextDecoder().decode(contents.get(role)));
  return {
    dir: 'bundle',
    manifest,
    bytes: async (role) => contents.get(role),
    tensors: async (role) => readTensors(contents.get(role)!, role),
    first: async () => json<FirstMeta>('first-meta'),
    catalogue: async () => json<CatalogueFile>('catalogue'),
    trainerFile: async () => undefined,
  };
}

/** The fixture as `publish` gives it to devices where a catalogue of `most` products is the largest with a table. */
export async function cutForDevices(fixture: Fixture, most: number): Promise<Fixture> {
  const { manifest, bytes } = await forDevices(bundleOf(fixture), most);
  const files = new Map<string, Uint8Array>();
  for (const { role, sha256: name } of manifest.files) files.set(name, (await bytes(role))!);
  return { ...fixture, files, signed: await signManifest(manifest, [fixture.key]) };
}
