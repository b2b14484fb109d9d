// What the consumers share: compare, note what this runtime is too old for, and say so at the end as JSON.

const unsupported = []

export function equal(actual, expected) {
  if (!Object.is(actual, expected)) throw new Error(`expected ${String(expected)}, got ${String(actual)}`)
}

/** An error that says what is needed is an answer, too; any other is not. */
export async function attempt(feature, work) {
  try {
    await work()
  } catch (error) {
    if (error.code !== 'unsupported') throw error
    unsupported.push(feature)
  }
}

export function report() {
  console.log(JSON.stringify({ unsupported }))
}
