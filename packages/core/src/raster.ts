export { blendOnWhite, cmykToRgb, toGrey, toRgb } from './raster/color';
export { centerCropBox, crop } from './raster/crop';
export { pillowResize, type PillowResizeOptions } from './raster/pillow-resize';
export { premultiply, unpremultiply } from './raster/premultiply';
export { type Box, type OwnedRaster, type Raster, roundHalfEven } from './raster/raster';
export { type ResizeFilter, resizeFilters } from './raster/resize-filters';
export { type FloatGrid, type InterpolateMode, torchInterpolate } from './raster/torch-interpolate';
