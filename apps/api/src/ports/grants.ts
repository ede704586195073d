/** A provider has answered that a free quota is used up. */
export interface GrantExhausted {
  readonly grantId: string
  /**
   * How large the grant was taken to be when the request was sent. A grant that has another size by now was corrected
   * meanwhile, by a person or by an earlier report, and what the provider said was about the old one.
   */
  readonly size: bigint
  /** The moment of the request's reservation: it decides which window of a renewing grant is empty. */
  readonly atMs: number
  readonly provider: string
  /** The platform's own code, where it sent one. */
  readonly upstreamCode: string | undefined
  readonly message: string
}

/** Carries what providers say about grants into the books. */
export interface GrantReports {
  /**
   * Enters that the grant is empty. Never rejects; requests do not wait for it. Kept and tried again while the database
   * is away; told twice changes nothing. Resolves when requests are served from a snapshot that knows it.
   */
  exhausted(report: GrantExhausted): Promise<void>
}
