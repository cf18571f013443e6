/** Opcodes by their names in the WebAssembly text format (core specification 3.0, relaxed SIMD included). */

/** One byte, no immediate. */
export const scalar = {
  "i32.eqz": 69, "i32.eq": 70, "i32.ne": 71, "i32.lt_s": 72, "i32.lt_u": 73, "i32.gt_s": 74, "i32.gt_u": 75, "i32.le_s": 76,
  "i32.le_u": 77, "i32.ge_s": 78, "i32.ge_u": 79, "i64.eqz": 80, "i64.eq": 81, "i64.ne": 82, "i64.lt_s": 83, "i64.lt_u": 84,
  "i64.gt_s": 85, "i64.gt_u": 86, "i64.le_s": 87, "i64.le_u": 88, "i64.ge_s": 89, "i64.ge_u": 90, "f32.eq": 91, "f32.ne": 92,
  "f32.lt": 93, "f32.gt": 94, "f32.le": 95, "f32.ge": 96, "f64.eq": 97, "f64.ne": 98, "f64.lt": 99, "f64.gt": 100, "f64.le": 101,
  "f64.ge": 102, "i32.clz": 103, "i32.ctz": 104, "i32.popcnt": 105, "i32.add": 106, "i32.sub": 107, "i32.mul": 108, "i32.div_s": 109,
  "i32.div_u": 110, "i32.rem_s": 111, "i32.rem_u": 112, "i32.and": 113, "i32.or": 114, "i32.xor": 115, "i32.shl": 116, "i32.shr_s": 117,
  "i32.shr_u": 118, "i32.rotl": 119, "i32.rotr": 120, "i64.clz": 121, "i64.ctz": 122, "i64.popcnt": 123, "i64.add": 124, "i64.sub": 125,
  "i64.mul": 126, "i64.div_s": 127, "i64.div_u": 128, "i64.rem_s": 129, "i64.rem_u": 130, "i64.and": 131, "i64.or": 132, "i64.xor": 133,
  "i64.shl": 134, "i64.shr_s": 135, "i64.shr_u": 136, "i64.rotl": 137, "i64.rotr": 138, "f32.abs": 139, "f32.neg": 140, "f32.ceil": 141,
  "f32.floor": 142, "f32.trunc": 143, "f32.nearest": 144, "f32.sqrt": 145, "f32.add": 146, "f32.sub": 147, "f32.mul": 148,
  "f32.div": 149, "f32.min": 150, "f32.max": 151, "f32.copysign": 152, "f64.abs": 153, "f64.neg": 154, "f64.ceil": 155, "f64.floor": 156,
  "f64.trunc": 157, "f64.nearest": 158, "f64.sqrt": 159, "f64.add": 160, "f64.sub": 161, "f64.mul": 162, "f64.div": 163, "f64.min": 164,
  "f64.max": 165, "f64.copysign": 166, "i32.wrap_i64": 167, "i64.extend_i32_s": 172, "i64.extend_i32_u": 173, "f32.convert_i32_s": 178,
  "f32.convert_i32_u": 179, "f32.demote_f64": 182, "f64.convert_i32_s": 183, "f64.convert_i32_u": 184, "f64.convert_i64_s": 185,
  "f64.convert_i64_u": 186, "f64.promote_f32": 187, "i32.reinterpret_f32": 188, "i64.reinterpret_f64": 189, "f32.reinterpret_i32": 190,
  "f64.reinterpret_i64": 191
} as const

/** Behind 0xfc, no immediate. */
export const saturating = {
  "i32.trunc_sat_f32_s": 0, "i32.trunc_sat_f32_u": 1, "i32.trunc_sat_f64_s": 2, "i32.trunc_sat_f64_u": 3
} as const

/** Behind 0xfd, no immediate. */
export const simd = {
  "i8x16.swizzle": 14, "i8x16.splat": 15, "i16x8.splat": 16, "i32x4.splat": 17, "i64x2.splat": 18, "f32x4.splat": 19, "f64x2.splat": 20,
  "i8x16.eq": 35, "i8x16.ne": 36, "i8x16.lt_s": 37, "i8x16.lt_u": 38, "i8x16.gt_s": 39, "i8x16.gt_u": 40, "i8x16.le_s": 41,
  "i8x16.le_u": 42, "i8x16.ge_s": 43, "i8x16.ge_u": 44, "i32x4.eq": 55, "i32x4.ne": 56, "i32x4.lt_s": 57, "i32x4.lt_u": 58,
  "i32x4.gt_s": 59, "i32x4.gt_u": 60, "i32x4.le_s": 61, "i32x4.le_u": 62, "i32x4.ge_s": 63, "i32x4.ge_u": 64, "f32x4.eq": 65,
  "f32x4.ne": 66, "f32x4.lt": 67, "f32x4.gt": 68, "f32x4.le": 69, "f32x4.ge": 70, "f64x2.eq": 71, "f64x2.ne": 72, "f64x2.lt": 73,
  "f64x2.gt": 74, "f64x2.le": 75, "f64x2.ge": 76, "v128.not": 77, "v128.and": 78, "v128.andnot": 79, "v128.or": 80, "v128.xor": 81,
  "v128.bitselect": 82, "v128.any_true": 83, "f32x4.demote_f64x2_zero": 94, "f64x2.promote_low_f32x4": 95, "i8x16.narrow_i16x8_s": 101,
  "i8x16.narrow_i16x8_u": 102, "f32x4.ceil": 103, "f32x4.floor": 104, "f32x4.trunc": 105, "f32x4.nearest": 106, "f64x2.ceil": 116,
  "f64x2.floor": 117, "f64x2.trunc": 122, "f64x2.nearest": 148, "i16x8.narrow_i32x4_s": 133, "i16x8.narrow_i32x4_u": 134,
  "i16x8.extend_low_i8x16_s": 135, "i16x8.extend_high_i8x16_s": 136, "i16x8.extend_low_i8x16_u": 137, "i16x8.extend_high_i8x16_u": 138,
  "i32x4.abs": 160, "i32x4.neg": 161, "i32x4.all_true": 163, "i32x4.bitmask": 164, "i32x4.extend_low_i16x8_s": 167,
  "i32x4.extend_high_i16x8_s": 168, "i32x4.extend_low_i16x8_u": 169, "i32x4.extend_high_i16x8_u": 170, "i32x4.shl": 171,
  "i32x4.shr_s": 172, "i32x4.shr_u": 173, "i32x4.add": 174, "i32x4.sub": 177, "i32x4.mul": 181, "i32x4.min_s": 182, "i32x4.min_u": 183,
  "i32x4.max_s": 184, "i32x4.max_u": 185, "i64x2.abs": 192, "i64x2.neg": 193, "i64x2.all_true": 195, "i64x2.bitmask": 196,
  "i64x2.extend_low_i32x4_s": 199, "i64x2.extend_high_i32x4_s": 200, "i64x2.extend_low_i32x4_u": 201, "i64x2.extend_high_i32x4_u": 202,
  "i64x2.shl": 203, "i64x2.shr_s": 204, "i64x2.shr_u": 205, "i64x2.add": 206, "i64x2.sub": 209, "i64x2.mul": 213, "i64x2.eq": 214,
  "i64x2.ne": 215, "i64x2.lt_s": 216, "i64x2.gt_s": 217, "i64x2.le_s": 218, "i64x2.ge_s": 219, "i64x2.extmul_low_i32x4_s": 220,
  "i64x2.extmul_high_i32x4_s": 221, "i64x2.extmul_low_i32x4_u": 222, "i64x2.extmul_high_i32x4_u": 223, "f32x4.abs": 224,
  "f32x4.neg": 225, "f32x4.sqrt": 227, "f32x4.add": 228, "f32x4.sub": 229, "f32x4.mul": 230, "f32x4.div": 231, "f32x4.min": 232,
  "f32x4.max": 233, "f32x4.pmin": 234, "f32x4.pmax": 235, "f64x2.abs": 236, "f64x2.neg": 237, "f64x2.sqrt": 239, "f64x2.add": 240,
  "f64x2.sub": 241, "f64x2.mul": 242, "f64x2.div": 243, "f64x2.min": 244, "f64x2.max": 245, "f64x2.pmin": 246, "f64x2.pmax": 247,
  "i32x4.trunc_sat_f32x4_s": 248, "i32x4.trunc_sat_f32x4_u": 249, "f32x4.convert_i32x4_s": 250, "f32x4.convert_i32x4_u": 251,
  "i32x4.trunc_sat_f64x2_s_zero": 252, "i32x4.trunc_sat_f64x2_u_zero": 253, "f64x2.convert_low_i32x4_s": 254,
  "f64x2.convert_low_i32x4_u": 255, "f32x4.relaxed_madd": 261, "f32x4.relaxed_nmadd": 262, "f64x2.relaxed_madd": 263,
  "f64x2.relaxed_nmadd": 264
} as const

/** One byte, then alignment and offset. */
export const access = {
  "i32.load": 40, "i64.load": 41, "f32.load": 42, "f64.load": 43, "i32.load8_s": 44, "i32.load8_u": 45, "i32.store": 54, "i64.store": 55,
  "f32.store": 56, "f64.store": 57, "i32.store8": 58
} as const

/** Behind 0xfd, then alignment and offset. */
export const simdAccess = {
  "v128.load": 0, "v128.load32x2_s": 5, "v128.load32x2_u": 6, "v128.load8_splat": 7, "v128.load32_splat": 9, "v128.load64_splat": 10,
  "v128.store": 11, "v128.load32_zero": 92, "v128.load64_zero": 93
} as const

/** Behind 0xfd, then alignment, offset and lane. */
export const laneAccess = {
  "v128.load8_lane": 84, "v128.load32_lane": 86, "v128.load64_lane": 87, "v128.store8_lane": 88, "v128.store32_lane": 90,
  "v128.store64_lane": 91
} as const

/** Behind 0xfd, then a lane. */
export const lane = {
  "i8x16.extract_lane_s": 21, "i8x16.extract_lane_u": 22, "i8x16.replace_lane": 23, "i32x4.extract_lane": 27, "i32x4.replace_lane": 28,
  "i64x2.extract_lane": 29, "i64x2.replace_lane": 30, "f32x4.extract_lane": 31, "f32x4.replace_lane": 32, "f64x2.extract_lane": 33,
  "f64x2.replace_lane": 34
} as const
