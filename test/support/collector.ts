/** An OpenTelemetry collector for tests: takes OTLP over HTTP in its JSON form and remembers it. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Attributes = Readonly<Record<string, unknown>>;

export interface Span {
  readonly service: unknown;
  readonly name: string;
  readonly id: string;
  readonly trace: string;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  /** Whether its status is an error. */
  readonly failed: boolean;
}

export interface Point {
  readonly service: unknown;
  readonly metric: string;
  readonly attributes: Attributes;
  /** Of a histogram: how many values. */
  readonly value: number;
}

export interface Collector {
  readonly url: string;
  readonly spans: readonly Span[];
  readonly points: readonly Point[];
  /** All that came, as it came. */
  readonly text: () => string;
  close(): Promise<void>;
}

interface Wire {
  readonly key: string;
  readonly value: Record<string, unknown>;
}
interface Scoped {
  readonly resource: { readonly attributes: readonly Wire[] };
  readonly scopeSpans?: readonly { readonly spans: readonly WireSpan[] }[];
  readonly scopeMetrics?: readonly { readonly metrics: readonly WireMetric[] }[];
}
interface WireSpan {
  readonly name: string;
  readonly spanId: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Wire[];
  readonly status: { readonly code?: number };
}
type Points = { readonly dataPoints: readonly Record<string, unknown>[] };
interface WireMetric {
  readonly name: string;
  readonly sum?: Points;
  readonly gauge?: Points;
  readonly histogram?: Points;
}

const plain = (attributes: readonly Wire[]): Attributes =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** `answers: false`: takes requests and says nothing. */
export async function startCollector({ answers = true } = {}): Promise<Collector> {
  const spans: Span[] = [];
  const points: Point[] = [];
  const bodies: string[] = [];
  const waiting = new Set<ServerResponse>();

  const take = ({ resource, scopeSpans = [], scopeMetrics = [] }: Scoped) => {
    const service = plain(resource.attributes)['service.name'];
    for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
      spans.push({
        service,
        name: span.name,
        id: span.spanId,
        trace: span.traceId,
        parent: span.parentSpanId || undefined,
        attributes: plain(span.attributes),
        failed: span.status.code === 2,
      });
    }
    for (const { name, sum, gauge, histogram } of scopeMetrics.flatMap((scope) => scope.metrics)) {
      for (const point of (sum ?? gauge ?? histogram)?.dataPoints ?? []) {
        points.push({
          service,
          metric: name,
          attributes: plain(point['attributes'] as Wire[]),
          value: Number(histogram ? point['count'] : (point['asDouble'] ?? point['asInt'])),
        });
      }
    }
  };

  const server = createServer((request, response) => {
    if (!answers) {
      waiting.add(response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      bodies.push(text);
      const { resourceSpans = [], resourceMetrics = [] } = JSON.parse(text) as Record<string, Scoped[] | undefined>;
      for (const scoped of [...resourceSpans, ...resourceMetrics]) take(scoped);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    points,
    text: () => bodies.join('\n'),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
