import { describe, expect, it } from 'vitest';
import type { Employment } from './company/people.ts';
import { countingEmployment, expectedUsers } from './expected.ts';
import { createWorld, type World } from './world.ts';

const NOW = Date.parse('2026-01-15T17:00:00Z');
const people = (world: World) => [...world.people()];
const clean = () =>
  createWorld({ people: 60, clean: true, seed: 2, now: () => NOW, mix: { secondJob: 0, transferred: 0 } });
const edit = (world: World, index: number, setEmployment: Partial<Employment>, set = {}): string => {
  const { employeeId } = world.person(index);
  world.play({ kind: 'edit', employeeId, set, setEmployment });
  return employeeId;
};

describe('what Together should hold', () => {
  it('is every field of the preset, written by hand for one person', () => {
    const world = clean();
    const department = world.tables.orgLevels.find((row) => row.levelDescription === 'Department');
    const employeeId = edit(
      world,
      3,
      {
        status: 'S',
        jobTitle: ' ',
        jobDescription: 'Engineer',
        location: 'TOR',
        org: ['100', department?.code ?? null, null, null],
        originalHire: '2016-02-29T00:00:00',
        lastHire: '2019-01-01T00:00:00',
        dateInJob: '1900-01-01T00:00:00',
        employeeType: 'REG',
        fullTime: 'P',
        supervisor: world.person(5).employeeId,
      },
      {
        firstName: ' A\u030asa ',
        middleName: '',
        lastName: 'Example',
        preferredName: null,
        email: 'asa@example.com  ',
        dateOfBirth: '1980-02-29T00:00:00',
        gender: 'F',
      },
    );
    expect(
      expectedUsers(world, { sensitiveFields: ['dateOfBirth'], hrisFields: { area: 1 } }).get(employeeId)?.user,
    ).toEqual({
      employeeId,
      supervisorId: world.person(5).employeeId,
      firstName: 'Åsa',
      lastName: 'Example',
      email: 'asa@example.com',
      employeeStatusCode: 'L',
      employeeTypeCode: 'REG',
      fullTimeOrPartTimeCode: 'P',
      title: 'Engineer',
      departmentId: department?.code,
      departmentName: department?.description,
      officeId: 'TOR',
      officeAddress: expect.stringMatching(/^40 Maple Road, .*Toronto, ON, M5H 2N2, CAN$/) as string,
      addressState: 'ON',
      addressCountry: 'CA',
      originalHireDate: '2016-02-29T00:00:00.000Z',
      lastHireDate: '2019-01-01T00:00:00.000Z',
      dateOfBirth: '1980-02-29T00:00:00.000Z',
      lastUpdated: '2026-01-15T17:00:00.000Z',
      'hrisFields.area': world.person(3).udf[0],
    });
  });
  it('counts active before leave before terminated, then home, then the latest hire, then the company id', () => {
    const world = createWorld({ people: 1, companies: 4 });
    const person = world.open(0);
    const [row] = person.employments;
    if (!row) throw new Error('no employment');
    const make = (company: number, status: string, lastHire = '2020-01-01T00:00:00'): Employment => ({
      ...row,
      company,
      status,
      lastHire,
    });
    const counted = (home: number, ...rows: Employment[]): number | undefined => {
      Object.assign(person, { homeCompany: home, employments: rows });
      return countingEmployment(world, person)?.company;
    };
    expect(counted(0, make(0, 'T'), make(1, 'L'), make(2, 'O'))).toBe(2);
    expect(counted(1, make(0, 'A'), make(1, 'A'))).toBe(1);
    expect(counted(3, make(0, 'A'), make(1, 'A', '2021-01-01T00:00:00'))).toBe(1);
    const ids = [0, 1].sort((a, b) =>
      (world.tables.companies[a]?.id ?? '') < (world.tables.companies[b]?.id ?? '') ? -1 : 1,
    );
    expect(counted(3, make(0, 'A'), make(1, 'A'))).toBe(ids[0]);
    expect(counted(0, make(0, 'X'), make(1, 'T'))).toBe(1);
  });
  it('leaves out people without a good address or status, and both who share an address', () => {
    const world = clean();
    const reasons = [
      edit(world, 0, {}, { email: null }),
      edit(world, 1, {}, { email: 'no at' }),
      edit(world, 2, { status: 'Q' }),
      edit(world, 3, {}, { email: 'SAME@example.com' }),
      edit(world, 4, {}, { email: 'same@example.com ' }),
    ].map((id) => expectedUsers(world).get(id)?.notSent);
    expect(reasons).toEqual(['no-email', 'invalid-email', 'unknown-status', 'shared-email', 'shared-email']);
  });
  it('leaves out a supervisor who is unknown, not sent, oneself or around a loop, and keeps those who lead into one', () => {
    const world = clean();
    const id = (index: number): string => world.person(index).employeeId;
    edit(world, 10, { supervisor: 'NOBODY' });
    edit(world, 11, { supervisor: id(11) });
    edit(world, 12, { supervisor: id(13) });
    edit(world, 13, { supervisor: id(14) });
    edit(world, 14, { supervisor: id(12) });
    edit(world, 15, { supervisor: id(12) });
    edit(world, 16, {}, { email: null });
    edit(world, 17, { supervisor: id(16) });
    edit(world, 18, { supervisor: null });
    const expected = expectedUsers(world);
    const why = [10, 11, 12, 13, 14, 15, 17, 18].map((index) => expected.get(id(index))?.supervisorOmitted);
    expect(why).toEqual(['unknown', 'self', 'loop', 'loop', 'loop', undefined, 'not-sent', 'none']);
    expect(expected.get(id(15))?.user.supervisorId).toBe(id(12));
  });
  it('sends everybody of a clean world, and nobody who vanished', () => {
    const world = createWorld({ people: 300, clean: true });
    expect([...expectedUsers(world).values()].every((one) => one.notSent === undefined)).toBe(true);
    const gone = people(world)[7]?.employeeId ?? '';
    world.play({ kind: 'vanish', employeeId: gone });
    expect(expectedUsers(world).has(gone)).toBe(false);
  });
  it('keeps what a person had where a value has become empty, when told what was expected before', () => {
    const world = clean();
    const { employeeId } = world.person(2);
    world.play({ kind: 'leave', employeeId, date: '2026-01-02' });
    const before = expectedUsers(world);
    world.play({ kind: 'rehire', employeeId, date: '2026-01-09' });
    expect(expectedUsers(world).get(employeeId)?.user.dateOfTermination).toBeUndefined();
    expect(expectedUsers(world, { before }).get(employeeId)?.user).toMatchObject({
      employeeStatusCode: 'A',
      dateOfTermination: '2026-01-02T00:00:00.000Z',
      lastHireDate: '2026-01-09T00:00:00.000Z',
    });
  });
  it('takes the last promotion for dateOfSeniority only where job history is read', () => {
    const world = clean();
    const { employeeId } = world.person(1);
    world.play({ kind: 'promote', employeeId, date: '2026-01-02' });
    expect(expectedUsers(world).get(employeeId)?.user.dateOfSeniority).toBeUndefined();
    expect(expectedUsers(world, { jobHistory: true }).get(employeeId)?.user.dateOfSeniority).toBe(
      '2026-01-02T00:00:00.000Z',
    );
  });
});
