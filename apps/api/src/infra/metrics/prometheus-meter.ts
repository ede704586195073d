import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { EstimateDrift } from '../../domain/estimate/estimator.ts'
import type { Meter } from '../../ports/meter.ts'
import type { UsageRecord } from '../../ports/usage-record.ts'

/** Names follow OpenTelemetry's GenAI semantic conventions where those have one, in Prometheus spelling. */
export class PrometheusMeter implements Meter {
  readonly registry = new Registry()
  readonly #requests = new Counter({
    name: 'tollgate_requests_total',
    help: 'Requests that reached a provider, by how they ended.',
    labelNames: ['gen_ai_provider_name', 'gen_ai_request_model', 'status'],
    registers: [this.registry],
  })
  readonly #tokens = new Counter({
    name: 'gen_ai_client_token_usage_total',
    help: 'Tokens booked, by bucket; buckets are disjoint.',
    labelNames: ['gen_ai_provider_name', 'gen_ai_request_model', 'gen_ai_token_type', 'usage_source'],
    registers: [this.registry],
  })
  readonly #duration = new Histogram({
    name: 'gen_ai_client_operation_duration_seconds',
    help: 'From the reservation to the end of the answer.',
    labelNames: ['gen_ai_provider_name', 'status'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers: [this.registry],
  })
  readonly #refused = new Counter({
    name: 'tollgate_refusals_total',
    help: 'Requests answered with an error, by its code.',
    labelNames: ['code'],
    registers: [this.registry],
  })
  readonly #failedAttempts = new Counter({
    name: 'tollgate_failed_attempts_total',
    help: 'Calls of a provider that failed, by kind; a failover makes several of one request.',
    labelNames: ['gen_ai_provider_name', 'error_type'],
    registers: [this.registry],
  })
  readonly #substitutions = new Counter({
    name: 'tollgate_model_substitutions_total',
    help: 'Answers of another model than the one that was asked for.',
    labelNames: ['gen_ai_provider_name'],
    registers: [this.registry],
  })
  readonly #estimatorMisses = new Counter({
    name: 'tollgate_estimator_missed_tokens_total',
    help: 'Input tokens beyond the upper bound that was reserved for them.',
    labelNames: ['gen_ai_provider_name'],
    registers: [this.registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.registry })
  }

  /** A figure that is read when somebody asks, such as the size of the journal. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read())
      },
    })
  }

  /** How the estimates of the input compare with what the providers count, of the models most asked for. */
  estimates(read: () => readonly EstimateDrift[]): void {
    const labelNames = ['gen_ai_provider_name', 'gen_ai_request_model', 'size']
    const shown = () =>
      [...read()]
        .sort((left, right) => right.samples - left.samples)
        .slice(0, estimatesShown)
        .flatMap(({ provider, model, sizes }) =>
          sizes.map((size) => ({
            ...size,
            labels: {
              gen_ai_provider_name: provider,
              gen_ai_request_model: model,
              size: String(size.tokensMax ?? 'larger'),
            },
          })),
        )
    new Gauge({
      name: 'tollgate_estimator_factor',
      help: 'By which the raw estimate of the input is multiplied to bound it, by size of the prompt.',
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset()
        for (const { labels, factor } of shown()) this.set(labels, factor)
      },
    })
    new Gauge({
      name: 'tollgate_estimator_input_ratio',
      help: "The provider's count of the input by the raw estimate, quantiles of the requests remembered.",
      labelNames: [...labelNames, 'quantile'],
      registers: [this.registry],
      collect() {
        this.reset()
        for (const { labels, ratioP50, ratioP99, ratioP999 } of shown()) {
          this.set({ ...labels, quantile: '0.5' }, ratioP50)
          this.set({ ...labels, quantile: '0.99' }, ratioP99)
          this.set({ ...labels, quantile: '0.999' }, ratioP999)
        }
      },
    })
  }

  requestSettled(record: UsageRecord): void {
    const provider = record.provider ?? 'unknown'
    this.#requests.inc({
      gen_ai_provider_name: provider,
      gen_ai_request_model: record.model,
      status: record.status,
    })
    this.#duration.observe(
      { gen_ai_provider_name: provider, status: record.status },
      (record.endedAtMs - record.startedAtMs) / 1000,
    )
    this.#add(record, 'input', record.inputTokens)
    this.#add(record, 'cached_input', record.cachedInputTokens)
    this.#add(record, 'output', record.outputTokens)
    this.#add(record, 'reasoning', record.reasoningTokens)
  }

  requestRefused(code: string): void {
    this.#refused.inc({ code })
  }

  modelSubstituted(provider: string): void {
    this.#substitutions.inc({ gen_ai_provider_name: provider })
  }

  attemptFailed(provider: string, kind: string): void {
    this.#failedAttempts.inc({ gen_ai_provider_name: provider, error_type: kind })
  }

  estimatorMissed(provider: string, tokens: number): void {
    this.#estimatorMisses.inc({ gen_ai_provider_name: provider }, tokens)
  }

  #add(record: UsageRecord, type: string, tokens: number | undefined): void {
    if (tokens === undefined || tokens === 0) return
    this.#tokens.inc(
      {
        gen_ai_provider_name: record.provider ?? 'unknown',
        gen_ai_request_model: record.model,
        gen_ai_token_type: type,
        usage_source: record.usageSource,
      },
      tokens,
    )
  }
}

/** A label of its own for every model that a large installation has would be thousands of series. */
const estimatesShown = 50
