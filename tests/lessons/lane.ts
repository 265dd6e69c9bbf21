import { serveLane } from '#workbook/check/lane.ts'
import { CONTENT } from './index.ts'

serveLane(CONTENT)
