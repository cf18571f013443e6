import { startExamples } from "./examples.ts"
import { startTheme } from "./view/theme.ts"

startTheme()
startExamples()
