/** The options of the UKG server. */

import type { World } from '../company/employer.ts';
import type { ServeOptions } from '../server/http.ts';
import type { WorldOptions } from '../world.ts';
import type { Credentials, MissingRight, RetryAfter } from './access.ts';
import type { Greater } from './filters.ts';

/** Who may read what, and how much of it. */
export interface AccountOptions {
  /** A world of one's own, instead of one made from the options. */
  world?: World;
  credentials?: Credentials;
  /** View rights granted, by web service name (`RIGHTS`). Default all. */
  rights?: 'all' | readonly string[];
  missingRight?: MissingRight;
  quotaPerMinute?: number;
  retryAfter?: RetryAfter;
}

/** How answers are cut into pages. */
export interface PageOptions {
  /** `Link` on paged answers. Default true. */
  link?: boolean;
  /** The most rows on a page, where lower than the service's own limit (10,000; employee-changes 200). */
  pageCap?: number;
  /** More than the limit asked for: fewer rows, or 400. */
  overCap?: 'clamp' | 'error';
  /** What org-levels, locations, jobs v1 and code tables do with `page`: answer everything again, or page. */
  unpaged?: 'ignore' | 'honour';
  /** Each page begins so many rows early: rows come twice. */
  drift?: number;
  /** Pages hold fewer rows than asked for, and more follow. */
  shortPages?: boolean;
  /** Whether an unmatched filter or a page past the end answers `[]` or 404. */
  nothing?: 'list' | 404;
  /** Bytes of finished pages to keep, for benchmarks. Default 0. */
  pageCacheBytes?: number;
}

/** Which rows come, and in which form. */
export interface RowOptions {
  /** Meaning of `>` in date filters. Default `inclusive`. */
  greater?: Greater;
  /** Parameter names must be spelled exactly as declared, or are ignored. */
  strictParameters?: boolean;
  /** company-details in its older form (companyID, isMasterCompany as string). */
  oldCompanyDetails?: boolean;
  /** Keys that no documentation names, on every row. */
  extraKeys?: boolean;
  /** code-tables point at another host. */
  foreignCodeTableUrls?: boolean;
  /** employee-changes hides what changed in the last hours. Default 0. */
  changesLagHours?: number;
  /** employee-changes answers 429 beyond 8 first pages a day or within 3 hours of the last. Default false. */
  enforceChangesRule?: boolean;
}

/** All options of the server. */
export interface UkgOptions extends ServeOptions, WorldOptions, AccountOptions, PageOptions, RowOptions {}
