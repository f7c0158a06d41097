import type { Tags } from '@ukg-together/kit/log/entry';
import type { Logger, SpanOptions } from '@ukg-together/kit/log/log';
import { expect, it } from 'vitest';
import { AttemptError } from './failure.ts';
import type { HttpRequest, HttpResponse, Send } from './request.ts';
import { traced } from './traced.ts';

function watchedLog() {
  const spans: { name: string; options: SpanOptions; marks: Tags }[] = [];
  const log = {
    span: async (name: string, options: SpanOptions, job: () => Promise<unknown>) => {
      spans.push({ name, options, marks: {} });
      return await job();
    },
    mark: (tags: Tags) => Object.assign(spans.at(-1)?.marks ?? {}, tags),
  } as unknown as Logger;
  return { log, spans };
}

const request: HttpRequest = {
  method: 'POST',
  url: new URL('https://key:secret@api.example.com/v1/people?email=ada@example.com#x'),
  headers: { authorization: 'Basic c2VjcmV0' },
  body: '{"firstName":"Ada"}',
};

it('a request is a span of method, host, path and status, and nothing else of it', async () => {
  const { log, spans } = watchedLog();
  const answer = { status: 200 } as HttpResponse;
  expect(await traced(async () => answer, log)(request)).toBe(answer);
  expect(spans).toEqual([
    {
      name: 'POST /v1/people',
      options: {
        client: true,
        attributes: {
          'http.request.method': 'POST',
          'server.address': 'api.example.com',
          'server.port': 443,
          'url.path': '/v1/people',
        },
      },
      marks: { 'http.response.status_code': 200 },
    },
  ]);
});

it('a refused request and a lost one are failed spans', async () => {
  const { log, spans } = watchedLog();
  await traced(async () => ({ status: 503 }) as HttpResponse, log)(request);
  const lost = new AttemptError({ phase: 'connect', code: 'ECONNREFUSED' });
  await expect(traced(() => Promise.reject(lost), log)(request)).rejects.toBe(lost);
  expect(spans.map(({ marks }) => marks)).toEqual([
    { 'http.response.status_code': 503, 'error.type': '503' },
    { 'error.type': 'ECONNREFUSED' },
  ]);
});

it('costs nothing where nobody watches', () => {
  const send: Send = () => Promise.reject(new Error('not called'));
  expect(traced(send, {} as Logger)).toBe(send);
});
