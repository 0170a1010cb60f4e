import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licence texts of the packages whose code is in a bundle.
 *
 * @param {string} root the folder that the files are relative to
 * @param {Iterable<string>} files the source files that went into the bundle
 * @returns {string}
 */
export function licenceTexts(root, files) {
  const folders = new Set(
    [...files]
      .map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0])
      .filter((folder) => folder !== undefined),
  );
  const texts = [...folders].sort().map((folder) => packageLicence(join(root, folder)));
  return ['tph contains code of these packages.', ...texts].join(`\n\n${'-'.repeat(80)}\n\n`).concat('\n');
}

/** @param {string} folder */
function packageLicence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const read = (/** @type {string} */ file) =>
    readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  const files = readdirSync(folder);
  const texts = files
    .filter((file) => /^(licen[cs]e|copying|notice)\b/i.test(file))
    .sort()
    .map((file) => read(file).trim());
  // Some say it at the end of what they say of themselves.
  const readme = files.find((file) => /^readme\b/i.test(file));
  if (texts.length === 0 && readme !== undefined) texts.push(...licenceSection(read(readme)));
  if (texts.length === 0) throw new Error(`${name} has no licence text: it must not be bundled without one`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** @param {string} readme @returns {string[]} what stands under the heading `License`, if any */
function licenceSection(readme) {
  const text = /^#+ *licen[cs]e *\n+([\s\S]+?)(?=\n#|$(?![\s\S]))/im.exec(readme)?.[1]?.trim();
  return text === undefined || !/copyright/i.test(text) ? [] : [text];
}
