/** GET /public/user: what Together holds, in the shape that is asked for. */
import { json, type Reply } from '../server/reply.ts';
import { inForm } from './forms.ts';
import type { TogetherOptions } from './options.ts';
import type { Fields, Held, Store } from './store.ts';

const pageSize = 10;

/** `shown` is one user as an answer has it, `list` all of them, streamed. */
export function createList(
  options: TogetherOptions,
  store: Store,
): { shown: (held: Held) => Fields; list: (query: string) => Reply } {
  const shown = (held: Held): Fields => {
    const entries = Object.entries(held.fields).filter(
      ([name]) => options.listHrisFields !== false || !name.startsWith('hrisFields.'),
    );
    return {
      id: held.userId,
      ...inForm(Object.fromEntries(entries), options.forms ?? {}, options.listHrisFields !== false),
      createdAt: held.createdAt,
      updatedAt: held.updatedAt,
    };
  };
  async function* listed(open: string, close: string): AsyncGenerator<string> {
    let [text, n] = [open, 0];
    for (const held of store.all()) {
      text += `${n++ ? ',' : ''}${JSON.stringify(shown(held))}`;
      if (text.length > 65_536) {
        yield text;
        text = '';
      }
    }
    yield `${text}${close}`;
  }
  const list = (query: string): Reply => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    switch (options.list ?? 'array') {
      case 'array':
        return { status: 200, headers, body: listed('[', ']'), rows: store.size };
      case 'users':
        return { status: 200, headers, body: listed('{"users":[', ']}'), rows: store.size };
      case 'data':
        return { status: 200, headers, body: listed('{"data":[', `],"total":${store.size}}`), rows: store.size };
      case 'nested':
        return {
          status: 200,
          headers,
          body: listed('{"errors":[],"data":{"items":[', `]},"next":null}`),
          rows: store.size,
        };
      case 'pages': {
        const page = Number(new URLSearchParams(query).get('page') ?? 1);
        const users = [...store.all()].slice((page - 1) * pageSize, page * pageSize).map(shown);
        const more = page * pageSize < store.size;
        const link = more ? { link: `</public/user?page=${page + 1}>; rel="next"` } : {};
        return { status: 200, headers: { ...headers, ...link }, body: JSON.stringify(users), rows: users.length };
      }
      case 'first page': {
        const users = [...store.all()].slice(0, pageSize).map(shown);
        return json(200, { users, total: store.size });
      }
      case 'empty':
        return json(200, []);
      case 'html':
        return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Sign in</body></html>' };
      case 'unrecognised':
        return json(200, { export: 'https://example.com/export.csv' });
      case 404:
        return json(404, { statusCode: 404, message: 'Not Found' });
    }
  };

  return { shown, list };
}
