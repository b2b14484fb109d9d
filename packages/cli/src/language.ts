// The language of this process, chosen once: `--lang`, then PLAINWIRE_LANG, then the locale, else English.

export const LANGUAGES = ['en', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

/** A text in every language that we speak. */
export type Localized = Readonly<Record<Language, string>>

export function chooseLanguage(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const at = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='))
  const flag = args[at]?.includes('=') ? args[at].slice('--lang='.length) : args[at + 1]
  const locale = [env['PLAINWIRE_LANG'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(Boolean)
  return LANGUAGES.find((known) => known === (at === -1 ? undefined : flag)) ?? languageOf(locale)
}

/** Of a locale such as `es_ES.UTF-8`. */
function languageOf(locale = ''): Language {
  return /^es(?:[_.@-]|$)/i.test(locale) ? 'es' : 'en'
}

export const language: Language = chooseLanguage(process.argv.slice(2), process.env)

/** The text in this process's language. */
export function say(text: Localized): string {
  return text[language]
}
