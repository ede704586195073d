/** The service was told something it cannot work with; it does not start. The message lists everything that is wrong. */
export class ConfigurationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigurationError'
  }
}
