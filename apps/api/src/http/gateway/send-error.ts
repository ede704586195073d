import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayServices } from '../../domain/completion/services.ts'
import { errorBody, errorHeaders, statusOf } from '../../domain/error-table.ts'
import { countersAway } from '../../domain/completion/admit-unheld.ts'
import { GatewayError } from '../../domain/errors.ts'
import { CountersUnavailable } from '../../ports/counters.ts'

/** OpenAI's error body and the hints its clients read. */
export function sendError(
  services: GatewayServices,
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  bodyBytesMax: number,
): FastifyReply {
  const error = toGatewayError(thrown, bodyBytesMax)
  if (error.code === 'internal_error')
    services.log.error({ err: thrown, url: request.url }, 'a request failed unexpectedly')
  services.meter.requestRefused(error.code)
  return reply
    .code(statusOf(error.code))
    .headers(errorHeaders(error))
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorBody(error)))
}

export function toGatewayError(thrown: unknown, bodyBytesMax: number): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  if (thrown instanceof CountersUnavailable) return countersAway(thrown)
  const fastify = thrown instanceof Error ? (thrown as Partial<FastifyError>) : {}
  if (fastify.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new GatewayError(
      'request_too_large',
      `The request body is larger than ${bodyBytesMax} bytes. Send large pictures as URLs, or raise TOLLGATE_BODY_MAX_MB.`,
    )
  }
  if (fastify.statusCode !== undefined && fastify.statusCode >= 400 && fastify.statusCode < 500) {
    return new GatewayError('invalid_request_error', fastify.message ?? 'The request cannot be read.')
  }
  return new GatewayError('internal_error', 'The gateway failed; its log says why, under this request id.')
}
