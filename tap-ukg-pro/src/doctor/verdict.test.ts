import { AttemptError } from '@ukg-together/transport/http/failure';
import { describe, expect, test } from 'vitest';
import { ukgStream } from '../streams/index.ts';
import type { ServiceReport } from './checkup.ts';
import { type Findings, verdictOf } from './verdict.ts';

const report = (name: string, changes: Partial<ServiceReport> = {}): ServiceReport => ({
  service: ukgStream(name).path,
  right: `right of ${name}`,
  result: 'ok',
  streams: ['employees'],
  ...changes,
});
const findings = (changes: Partial<Findings> = {}): Findings => ({
  host: 'https://service5.ultipro.com',
  services: [report('person_details'), report('employment_details')],
  empty: new Set(),
  accepted: true,
  wrongCredentials: false,
  outage: undefined,
  ...changes,
});
const outage = new AttemptError({ phase: 'connect', code: 'ENOTFOUND' });
const denied = report('person_details', { result: 'denied', status: 403 });
const failed = report('jobs', { result: 'failed', status: 404 });
const unset = report('emp_deductions', { result: 'failed', setting: true });

describe('the verdict', () => {
  const table: { why: string; given: Partial<Findings>; verdict: string; exitCode: number; rights?: string[] }[] = [
    { why: 'everything answers', given: {}, verdict: 'ok', exitCode: 0 },
    {
      why: 'an outage comes before all else',
      given: { outage, services: [denied, failed] },
      verdict: 'unreachable',
      exitCode: 5,
      rights: ['right of person_details'],
    },
    {
      why: 'wrong credentials are no missing right',
      given: { wrongCredentials: true, services: [denied] },
      verdict: 'wrong_credentials',
      exitCode: 6,
    },
    {
      why: 'a missing right comes before a failed service',
      given: { services: [denied, failed] },
      verdict: 'missing_rights',
      exitCode: 6,
      rights: ['right of person_details'],
    },
    {
      why: 'a right is named once',
      given: { services: [denied, denied] },
      verdict: 'missing_rights',
      exitCode: 6,
      rights: ['right of person_details'],
    },
    {
      why: 'employments without people: the right to people is missing',
      given: { empty: new Set(['person_details']) },
      verdict: 'missing_rights',
      exitCode: 6,
      rights: ['right of person_details'],
    },
    {
      why: 'people without employments: the right to employments is missing',
      given: { empty: new Set(['employment_details']) },
      verdict: 'missing_rights',
      exitCode: 6,
      rights: ['right of employment_details'],
    },
    {
      why: 'neither people nor employments: an empty company',
      given: { empty: new Set(['person_details', 'employment_details']) },
      verdict: 'ok',
      exitCode: 0,
    },
    { why: 'a failed service', given: { services: [failed, unset] }, verdict: 'failed', exitCode: 5 },
    { why: 'only settings are missing', given: { services: [unset] }, verdict: 'failed', exitCode: 2 },
  ];
  test.each(table)('$why', ({ given, verdict, exitCode, rights = [] }) => {
    expect(verdictOf(findings(given))).toMatchObject({ verdict, exitCode, missingRights: rights });
  });
});
