import { startExamples } from "./examples.ts"
import { startExplorer } from "./explorer.ts"
import { startHero } from "./hero.ts"
import { startTheme } from "./view/theme.ts"

startTheme()
startHero(document.querySelector<HTMLElement>("[data-hero]")!)
startExplorer(document.querySelector<HTMLElement>("#explore")!)
startExamples()
