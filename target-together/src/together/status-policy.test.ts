import { verdict } from '@ukg-together/transport/retry/policy';
import { describe, expect, it } from 'vitest';
import { isRefusal, refusalReason, togetherPolicy } from './status-policy.ts';

const statuses = Array.from({ length: 500 }, (_, at) => at + 100);

describe("Together's statuses", () => {
  it('take a server fault that nobody knows for a transient one, and nothing else that nobody knows', () => {
    const meaning = (status: number) => verdict({ status }, togetherPolicy);
    expect([505, 507, 520, 529, 599].map(meaning)).toEqual(Array(5).fill('retry'));
    expect([202, 203, 302, 402, 451, 501, 600, 999].map(meaning)).toEqual(Array(8).fill('fail'));
  });

  it('take only documented answers for success', () => {
    const success = statuses.filter((status) => verdict({ status }, togetherPolicy) === 'success');
    expect(success).toEqual([200, 201, 204, 207]);
  });

  it('refuse a person by four of them', () => {
    expect(statuses.filter(isRefusal)).toEqual([400, 409, 410, 422]);
  });

  it.each([
    [409, [], "HTTP 409: the account was modified permanently on Together's side and can't be updated"],
    [400, ['email', 'title'], 'HTTP 400: required information is missing or wrong (it names email, title)'],
    [418, [], 'HTTP 418: refused'],
  ])('say why a person was refused by %i', (status, fields, reason) => {
    expect(refusalReason(status, fields)).toBe(reason);
  });
});
