import { describe, expect, it } from 'vitest';
import { createJournal, maskedHeaders } from './journal.ts';

const head = (at: number, path = '/a') => ({ at, wall: '', method: 'GET', path, query: '', headers: {} });

describe('the journal', () => {
  it('measures gaps between arrivals, rests after answers and requests open at once', () => {
    const journal = createJournal();
    expect(journal.minGap()).toBe(Infinity);
    const first = journal.arrive(head(0));
    journal.finish(first, 400);
    const second = journal.arrive(head(1000));
    const third = journal.arrive(head(1600, '/b'));
    expect([second.inFlight, third.inFlight]).toEqual([0, 1]);
    journal.finish(second, 2000);
    journal.finish(second, 9000);
    journal.finish(third, 2100);
    expect([journal.minGap(), journal.minGap('/a'), journal.minRest('/a'), journal.maxInFlight()]).toEqual([
      600, 1000, 600, 2,
    ]);
    expect(journal.matching(/b$/)).toEqual([third]);
    expect(second.finishedAt).toBe(2000);
  });
  it('keeps the newest bodies within its room', () => {
    const journal = createJournal({ maxBodyBytes: 10 });
    const [a, b] = [journal.arrive(head(0)), journal.arrive(head(1))];
    journal.keepBody(a, '123456');
    journal.keepBody(b, '1234567');
    expect([a.body, b.body]).toEqual([undefined, '1234567']);
  });
  it('says that credentials were sent and not which', () => {
    expect(maskedHeaders({ authorization: 'Basic eA==', 'api-key': 'k', accept: 'application/json' })).toEqual({
      authorization: '(sent)',
      'api-key': '(sent)',
      accept: 'application/json',
    });
  });
  it('starts again when cleared', () => {
    const journal = createJournal();
    journal.finish(journal.arrive(head(0)), 1);
    journal.clear();
    expect([journal.entries.length, journal.maxInFlight()]).toEqual([0, 0]);
  });
});
