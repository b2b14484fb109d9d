export type Language = 'en' | 'es'

export interface Localized {
  readonly en: string
  readonly es: string
}

/** The page's. */
export function pageLanguage(): Language {
  return document.documentElement.lang === 'es' ? 'es' : 'en'
}
