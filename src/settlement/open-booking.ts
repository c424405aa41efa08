import type { AnyStore } from '../store/open.ts'
import { postgresBooking } from './booking.postgres.ts'
import { sqliteBooking } from './booking.sqlite.ts'
import type { Booking } from './booking.ts'

export const openBooking = (store: AnyStore): Booking =>
  store.engine === 'sqlite' ? sqliteBooking(store) : postgresBooking(store)
