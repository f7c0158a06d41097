/** Bookmarks say nothing of another tenant: one that went on from them would leave out people who changed before. */
import { createHash } from 'node:crypto';
import { ConnectorError, said } from '@ukg-together/kit/error';
import { show } from '@ukg-together/kit/text/show';
import type { Bookmark, State } from '@ukg-together/protocol/state';
import type { Settings } from '../settings/settings.ts';

type Bookmarks = State['bookmarks'];

export interface Tenant {
  /** The bookmarks that a run goes on from, each marked as this tenant's. Throws ConnectorError 'settings' for another tenant's. */
  own(bookmarks: Bookmarks, streams: Iterable<string>): Bookmarks;
  mark(bookmark: Bookmark): Bookmark;
}

/**
 * By host and customer. The mark stands in states, which are no secret, while the customer key is one, and short: 16 bits tell
 * tenants apart and leave a thousand keys that it may have been.
 */
export function tenantOf({ base_url, customer_api_key }: Pick<Settings, 'base_url' | 'customer_api_key'>): Tenant {
  const tenant = createHash('sha256')
    .update(`${new URL(base_url).host}\n${customer_api_key}`)
    .digest('hex')
    .slice(0, 4);
  // Of a stream that keeps nothing, nothing goes on.
  const mark = (bookmark: Bookmark) => (Object.keys(bookmark).length === 0 ? bookmark : { ...bookmark, tenant });
  return {
    mark,
    own(bookmarks, streams) {
      const foreign = Object.entries(bookmarks).filter(([, bookmark]) => (bookmark['tenant'] ?? tenant) !== tenant);
      if (foreign.length > 0) {
        const names = foreign.slice(0, 5).map(([name]) => show(name));
        throw new ConnectorError(
          'settings',
          said`The state is another tenant's: ${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} read from another host or customer than base_url and customer_api_key name. Nothing was read.`,
          {
            hint: "Give this tenant's own state. If the tenant has only moved, start over on purpose: leave --state out, or reset the connection's state; everybody is read once.",
          },
        );
      }
      const known = new Set(streams);
      return Object.fromEntries(
        Object.entries(bookmarks).map(([name, bookmark]) => [name, known.has(name) ? mark(bookmark) : bookmark]),
      );
    },
  };
}
