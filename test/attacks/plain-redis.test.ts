/** A Redis of another machine without TLS: whoever listens on the way would have its password, and could change what it says. */
import { afterEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../support/pipe.ts';
import { protocols } from '../support/protocols.ts';

let house: House;
afterEach(() => house.close());

describe.each(protocols)('$name', (protocol) => {
  it('speaks to no other machine’s Redis without TLS, and never prints its password', async () => {
    house = await openHouse({ ukg: { people: 1 } });
    house.configure({}, { limiter: { type: 'redis', url: 'redis://:CANARY@redis.example.com:6379' } });
    const ran = await protocol.write(house, [{ employeeId: 'a' }]);
    expect([ran.code, house.together.journal.matching().length], ran.said).toEqual([2, 0]);
    expect(ran.said).toMatch(/limiter: url must start with rediss:\/\//);
    expect(ran.said).not.toContain('CANARY');
  });

  it('takes no options out of an address, among them the one that turns TLS off', async () => {
    house = await openHouse({ ukg: { people: 1 } });
    house.configure({}, { limiter: { type: 'redis', url: 'rediss://:CANARY@127.0.0.1:1/?tls=' } });
    const ran = await protocol.write(house, [{ employeeId: 'a' }]);
    expect([ran.code, house.together.journal.matching().length], ran.said).toEqual([2, 0]);
    expect(ran.said).toMatch(/limiter(\.url)?: must start with redis:\/\/ or rediss:\/\/, and have no \?options/);
    expect(ran.said).not.toContain('CANARY');
  });
});
