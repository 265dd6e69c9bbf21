import { serveLane } from '#workbook/check/run/lane.ts'
import { CONTENT } from './index.ts'

serveLane(CONTENT)
