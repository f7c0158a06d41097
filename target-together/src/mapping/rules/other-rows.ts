/** Tables that look like people and are not a company's employees: never taken, or proposed, unless `mapping.stream` names them. */
import type { JsonSchema } from '@ukg-together/kit/settings/json-schema';
import { show } from '@ukg-together/kit/text/show';
import { propertiesOf } from '../paths/schema-path.ts';

interface OtherRows {
  /** Of the stream's name, in lower case without signs. */
  readonly stream?: RegExp;
  /** Of a field's whole name, likewise. */
  readonly field?: RegExp;
  readonly whose: string;
}

const tables: readonly OtherRows[] = [
  {
    stream: /emergency|nextofkin|dependen[td]|beneficiar|relatives|familymember/,
    field: /^(relationship(type|code|to(employee|worker|person))?|(emergency)?contactid|dependentid|beneficiaryid)$/,
    whose: 'relatives or emergency contacts',
  },
  {
    stream: /applicant|candidate|jobapplication|prospect/,
    field: /^(applicantid|candidateid|applicationid)$/,
    whose: 'applicants',
  },
];

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Whose rows they are and by what that shows, as the end of a sentence; undefined: nothing speaks against employees. */
export function otherRows(stream: string, schema: JsonSchema | undefined): string | undefined {
  const names = Object.keys((schema && propertiesOf(schema)) ?? {});
  for (const { stream: called, field, whose } of tables) {
    if (called?.test(plain(stream))) return `by its name it holds ${whose}`;
    const found = names.find((name) => field?.test(plain(name)));
    if (found !== undefined) return `by its field ${show(found)} it holds ${whose}`;
  }
  return undefined;
}
