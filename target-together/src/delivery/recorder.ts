import { ConnectorError, said } from '@ukg-together/kit/error';
import { type Delivery, isSecondRecord, type PersonOutcome } from '../model/person.ts';
import { mostQuarantined, mostRefusedWithoutSuccess } from './outage.ts';
import { rejected } from './sort-answers.ts';

/** What has come of the people so far, as far as the rest of the delivery depends on it. */
export interface Recorder {
  /** Keeps outcomes. Returns whether a person was refused; throws where Together refuses everybody. */
  record(outcomes: readonly PersonOutcome[]): Promise<boolean>;
  /** Leaves people undelivered that Together itself keeps failing on. Throws `error` where these are too many to be the cause. */
  quarantine(group: readonly Delivery[], error: ConnectorError): void;
  readonly quarantined: readonly Delivery[];
  /** Together has given a person's record a new id. */
  readonly hasMoved: boolean;
  /** A person was quarantined, and nothing has passed since: the next such failure is an outage. */
  readonly suspectsOutage: boolean;
  /** Without those whose address Together still has for another person: it would make one person of the two. They are refused. */
  withoutOwnedAddresses(batch: readonly Delivery[]): Promise<readonly Delivery[]>;
}

/** `keep` makes outcomes durable (ledger, rejects), and is awaited before the next request. */
export function createRecorder(keep: (outcomes: readonly PersonOutcome[]) => Promise<void>): Recorder {
  const quarantined: Delivery[] = [];
  /** People Together has as they were before: `index` → employeeId. */
  const untaken = new Map<number, string>();
  let accepted = 0;
  let refused = 0;
  let suspectsOutage = false;
  let hasMoved = false;

  async function record(outcomes: readonly PersonOutcome[]): Promise<boolean> {
    if (outcomes.length === 0) return false;
    await keep(outcomes);
    const second = outcomes.find(isSecondRecord);
    if (second) throw secondRecord(second.delivery);
    let refusals = 0;
    for (const { delivery, outcome } of outcomes) {
      // A person that was not sent shows nothing of how Together is.
      if (outcome.outcome !== 'rejected' || outcome.status !== undefined) suspectsOutage = false;
      if (outcome.outcome !== 'rejected') {
        hasMoved ||= delivery.movedFrom !== undefined;
        continue;
      }
      refusals++;
      untaken.set(delivery.index, delivery.employeeId);
    }
    refused += refusals;
    accepted += outcomes.length - refusals;
    if (accepted === 0 && refused >= mostRefusedWithoutSuccess) throw allRefused(refused);
    return refusals > 0;
  }

  return {
    record,
    quarantine(group, error) {
      suspectsOutage = true;
      quarantined.push(...group);
      for (const { index, employeeId } of group) untaken.set(index, employeeId);
      if (quarantined.length > mostQuarantined) throw error;
    },
    quarantined,
    get hasMoved() {
      return hasMoved;
    },
    get suspectsOutage() {
      return suspectsOutage;
    },
    async withoutOwnedAddresses(batch) {
      if (untaken.size === 0) return batch;
      const others: Delivery[] = [];
      for (const delivery of batch) {
        const owner = delivery.after?.find((index) => untaken.has(index));
        if (owner === undefined) {
          others.push(delivery);
          continue;
        }
        const reason = `in Together the e-mail address is still that of employeeId ${untaken.get(owner)}, which it has not taken in this run`;
        await record(rejected([delivery], reason));
      }
      return others;
    },
  };
}

function secondRecord({ employeeId, movedFrom }: Delivery): ConnectorError {
  return new ConnectorError(
    'refused',
    said`Together made a second record for employeeId ${employeeId}, which was to take the place of ${movedFrom ?? 'another'} (HTTP 201), so sending stopped.`,
    {
      hint: `Ask Together support to merge the records of ${movedFrom} and ${employeeId}. Until on_new_id is hold for a run, new ids are held back. Nothing is lost: who was not sent is sent by the next run.`,
    },
  );
}

function allRefused(people: number): ConnectorError {
  return new ConnectorError(
    'refused',
    said`Together refused the first ${people} people and accepted none, so sending stopped.`,
    {
      hint: 'Look at the reasons: a field that Together requires is probably not mapped, or organization_id is wrong.',
    },
  );
}
