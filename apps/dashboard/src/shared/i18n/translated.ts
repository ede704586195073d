/**
 * The shape of the English messages with any words in it: a missing or an extra key does not compile.
 * Chinese has no singular, so `…_one` is not translated.
 */
export type Translated<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string
    ? string
    : Translated<T[K]>
}
