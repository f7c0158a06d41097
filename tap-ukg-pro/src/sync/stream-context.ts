import type { Bookmark } from '@ukg-together/protocol/state';
import type { SelectedStream } from '@ukg-together/protocol/stream';
import type { Spill } from '../employees/store/row-store.ts';
import type { UkgRecord } from '../records/record.ts';
import type { PlanDeps } from '../requests/planned-request.ts';

/** What a stream's reader gets. */
export interface StreamContext extends PlanDeps {
  readonly stream: SelectedStream;
  readonly selectedFields: ReadonlySet<string>;
  /** Milliseconds since 1970 when the stream's read began; also the version of a full read. */
  readonly startMs: number;
  /** Day of the run's start in the tenant's zone, as YYYY-MM-DD. */
  readonly today: string;
  readonly bookmark: Bookmark;
  readonly test: boolean;
  readonly openSpill: () => Spill;
  /** With `version` in a read of everything. */
  readonly emitRecord: (record: UkgRecord, version?: number) => void | Promise<void>;
  /** Called before the records of some rows that came together: they share a time of extraction. */
  readonly beforeRows: () => void;
}

/** How a stream ended: its new bookmark, and the version of a read that brought everything there is. */
export interface StreamEnd {
  readonly bookmark: Bookmark;
  readonly complete?: { readonly version: number };
}
