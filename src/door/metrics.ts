import { Counter, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly media: string
  observe(operation: string, status: number, seconds: number): void
  /** A terminal was told how somebody stands; who it was is not told here. */
  answered(status: string): void
  text(): Promise<string>
}

/** Counts and times by operation, never by address: an address could hold a number that belongs to somebody. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'requests by operation and status',
    labelNames: ['operation', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'time to answer by operation',
    labelNames: ['operation'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  })
  const eligibility = new Counter({
    name: 'eligibility_answers_total',
    help: 'what terminals were told of the persons they asked about',
    labelNames: ['status'],
    registers: [registry],
  })
  return {
    media: registry.contentType,
    observe(operation, status, took) {
      requests.inc({ operation, status })
      seconds.observe({ operation }, took)
    },
    answered(status) {
      eligibility.inc({ status })
    },
    text: () => registry.metrics(),
  }
}
