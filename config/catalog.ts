/** All templates with what is known about them: for `template list` and the page in the docs. Judges nothing. */
import { openTemplate, type ReadTemplate, readTemplate, templateNames } from "./template.ts";

export interface CatalogEntry extends ReadTemplate {
  name: string;
  file: string;
}

/** Templates beside the configuration and the shipped ones, by name; of two with one name the local one. */
export function catalog(directory: string): CatalogEntry[] {
  return templateNames(directory).flatMap((name) => {
    const document = openTemplate(name, directory);
    return document ? [{ name, file: document.file, ...readTemplate(document) }] : [];
  });
}
