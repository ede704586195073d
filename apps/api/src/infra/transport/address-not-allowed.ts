/** Raised by the guarded connector; the address is not one that may be dialled. */
export class AddressNotAllowed extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'AddressNotAllowed'
  }
}
