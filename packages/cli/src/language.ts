// The language of this process, chosen once: `--lang`, then PLAINWIRE_LANG, then the locale, else English.

export const LANGUAGES = ['en', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

/** A text in every language that we speak. */
export type Localized = Readonly<Record<Language, string>>

export function chooseLanguage(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  const flag = args.findIndex((arg) => arg === '--lang' || arg.startsWith('--lang='))
  const wished = args[flag]?.includes('=') ? args[flag].slice('--lang='.length) : args[flag + 1]
  const locale = [env['PLAINWIRE_LANG'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(Boolean)
  const tag = (flag === -1 ? undefined : wished) ?? locale ?? ''
  return tag.toLowerCase().startsWith('es') ? 'es' : 'en'
}

export const language: Language = chooseLanguage(process.argv.slice(2), process.env)

/** The text in this process's language. */
export function say(text: Localized): string {
  return text[language]
}
