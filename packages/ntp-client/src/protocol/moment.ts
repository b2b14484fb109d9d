const NS_PER_SECOND = 1_000_000_000n
const SECONDS_PER_DAY = 86_400n

/** RFC 3339 in UTC, to the nanosecond, which a Date cannot hold; any year of the Gregorian calendar. */
export function formatMoment(unixNs: bigint): string {
  const [seconds, ns] = floorDivide(unixNs, NS_PER_SECOND)
  const [days, secondOfDay] = floorDivide(seconds, SECONDS_PER_DAY)
  const clock = [secondOfDay / 3600n, (secondOfDay / 60n) % 60n, secondOfDay % 60n].map((part) => twoDigits(part))
  return `${formatDate(days)}T${clock.join(':')}.${String(ns).padStart(9, '0')}Z`
}

/** Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last day. */
function formatDate(days: bigint): string {
  const [era, dayOfEra] = floorDivide(days + 719_468n, 146_097n) // 400 years; 0000-03-01 is 719468 days before 1970
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n)
  const monthFromMarch = (5n * dayOfYear + 2n) / 153n // months from March have 153 days in five
  const day = dayOfYear - (153n * monthFromMarch + 2n) / 5n + 1n
  const month = monthFromMarch < 10n ? monthFromMarch + 3n : monthFromMarch - 9n
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n)
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`
}

function floorDivide(value: bigint, by: bigint): [bigint, bigint] {
  const rest = ((value % by) + by) % by
  return [(value - rest) / by, rest]
}

function twoDigits(value: bigint): string {
  return String(value).padStart(2, '0')
}
