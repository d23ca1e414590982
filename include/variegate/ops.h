// The operators as functions. Made by tools/make_ops_header.py from the registry: do not edit.
#pragma once

#include "variegate/arg.h"

namespace vg::ops {

/// Draws an order of the samples of a batch: a scalar position per sample, int32, for
/// permute_batch.
struct BatchPermutationArgs {
  /// bool: positions are drawn independently
  Arg allow_repetitions = {};
  /// bool: no sample stays in its place, if the batch has more than one
  Arg no_fixed_points = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value batch_permutation(const BatchPermutationArgs& args = {}) {
  std::vector<Value> given = {};
  return call("batch_permutation", given, {{"allow_repetitions", args.allow_repetitions.value}, {"no_fixed_points", args.no_fixed_points.value}}, args.options)[0];
}

/// Mirrors boxes with relative coordinates (0 to 1).
struct BbFlipArgs {
  /// bool: the boxes are left, top, right, bottom
  Arg ltrb = {};
  /// int, or one per sample: 1: mirror across the width
  Arg horizontal = {};
  /// int, or one per sample: 1: mirror down the height
  Arg vertical = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value bb_flip(const Value& data_in, const BbFlipArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("bb_flip", given, {{"ltrb", args.ltrb.value}, {"horizontal", args.horizontal.value}, {"vertical", args.vertical.value}}, args.options)[0];
}

/// Multiplies values and adds a share of the type's range: out = brightness_shift * range +
/// brightness * in.
struct BrightnessArgs {
  /// float, or one per sample: factor; 1 changes nothing
  Arg brightness = {};
  /// float, or one per sample: added, in units of the type's largest value
  Arg brightness_shift = {};
  /// DALIDataType: element type of the output; default: that of the input
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value brightness(const Value& data_in, const BrightnessArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("brightness", given, {{"brightness", args.brightness.value}, {"brightness_shift", args.brightness_shift.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Scales the distance from a centre, then multiplies and shifts: out = brightness_shift *
/// range + brightness * (contrast_center + contrast * (in - contrast_center)).
struct BrightnessContrastArgs {
  /// float, or one per sample: factor; 1 changes nothing
  Arg brightness = {};
  /// float, or one per sample: added, in units of the output type's largest value (1 for
  /// floats)
  Arg brightness_shift = {};
  /// float, or one per sample: factor; 1 changes nothing
  Arg contrast = {};
  /// float, or one per sample: value that contrast keeps; default: 128 for uint8, 2^(bits - 2)
  /// for signed integers, 0.5 for floats
  Arg contrast_center = {};
  /// DALIDataType: element type of the output; default: that of the input
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value brightness_contrast(const Value& data_in, const BrightnessContrastArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("brightness_contrast", given, {{"brightness", args.brightness.value}, {"brightness_shift", args.brightness_shift.value}, {"contrast", args.contrast.value}, {"contrast_center", args.contrast_center.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Converts elements to another type. Floats are rounded (ties away from zero) and clamped to
/// an integer type's range, integers are clamped; to BOOL: not zero (after rounding); beyond
/// 65504 FLOAT16 is infinite.
struct CastArgs {
  /// DALIDataType: element type of the output; required
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value cast(const Value& data_in, const CastArgs& args) {
  std::vector<Value> given = {data_in};
  return call("cast", given, {{"dtype", args.dtype.value}}, args.options)[0];
}

/// Converts elements to the type of another tensor, as `cast` does.
struct CastLikeArgs {
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value cast_like(const Value& data_in, const Value& like_in, const CastLikeArgs& args = {}) {
  std::vector<Value> given = {data_in, like_in};
  return call("cast_like", given, {}, args.options)[0];
}

/// Joins tensors along an axis; the other extents must be equal.
struct CatArgs {
  /// int: axis to join along; negative: from the end
  Arg axis = {};
  /// str: the same as a letter of the layout
  Arg axis_name = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value cat(const std::vector<Value>& inputs, const CatArgs& args = {}) {
  std::vector<Value> given = inputs;
  return call("cat", given, {{"axis", args.axis.value}, {"axis_name", args.axis_name.value}}, args.options)[0];
}

/// Converts between colour spaces. Grey is .299 R + .587 G + .114 B; YCbCr is that of ITU-R
/// BT.601 with limited range (Y from 16 to 235).
struct ColorSpaceConversionArgs {
  /// DALIImageType: colour space of the input: RGB, BGR, GRAY, YCbCr; required
  Arg image_type = {};
  /// DALIImageType: colour space of the output; another one; required
  Arg output_type = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value color_space_conversion(const Value& data_in, const ColorSpaceConversionArgs& args) {
  std::vector<Value> given = {data_in};
  return call("color_space_conversion", given, {{"image_type", args.image_type.value}, {"output_type", args.output_type.value}}, args.options)[0];
}

/// Turns the hue, scales saturation, contrast and brightness, as one linear map. Contrast is
/// about 128 for integer types, about 0.5 for floats.
struct ColorTwistArgs {
  /// float, or one per sample: angle in degrees; 0 changes nothing
  Arg hue = {};
  /// float, or one per sample: factor; 0 gives grey, 1 changes nothing
  Arg saturation = {};
  /// float, or one per sample: factor; 1 changes nothing
  Arg contrast = {};
  /// float, or one per sample: factor; 1 changes nothing
  Arg brightness = {};
  /// DALIImageType: accepted for compatibility: pixels are taken as RGB
  Arg image_type = {};
  /// DALIDataType: element type of the output; default: that of the input
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value color_twist(const Value& data_in, const ColorTwistArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("color_twist", given, {{"hue", args.hue.value}, {"saturation", args.saturation.value}, {"contrast", args.contrast.value}, {"brightness", args.brightness.value}, {"image_type", args.image_type.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// The same tensor for every sample.
struct ConstantArgs {
  /// float or list of float: elements in C order, or one for all; FLOAT if no dtype is given
  Arg fdata = {};
  /// int or list of int: the same as integers; INT32 if no dtype is given
  Arg idata = {};
  /// int or list of int: extents; default: a list of the elements
  Arg shape = {};
  /// DALIDataType: element type
  Arg dtype = {};
  /// str: letters of the axes
  Arg layout = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value constant(const ConstantArgs& args = {}) {
  std::vector<Value> given = {};
  return call("constant", given, {{"fdata", args.fdata.value}, {"idata", args.idata.value}, {"shape", args.shape.value}, {"dtype", args.dtype.value}, {"layout", args.layout.value}}, args.options)[0];
}

/// Scales the distance from a centre: out = contrast_center + contrast * (in -
/// contrast_center).
struct ContrastArgs {
  /// float, or one per sample: factor; 1 changes nothing
  Arg contrast = {};
  /// float, or one per sample: value that stays; default: 128 for uint8, 2^(bits - 2) for
  /// signed integers, 0.5 for floats
  Arg contrast_center = {};
  /// DALIDataType: element type of the output; default: that of the input
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value contrast(const Value& data_in, const ContrastArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("contrast", given, {{"contrast", args.contrast.value}, {"contrast_center", args.contrast_center.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Mirrors points: x becomes 2 * center_x - x.
struct CoordFlipArgs {
  /// str: names of the components, as "xy" or "zyx"; default: x, y, z in this order
  Arg layout = {};
  /// int, or one per sample: 1: mirror across the width
  Arg flip_x = {};
  /// int, or one per sample: 1: mirror down the height
  Arg flip_y = {};
  /// int, or one per sample: 1: mirror along the depth
  Arg flip_z = {};
  /// float, or one per sample: where x stays, in the units of the points
  Arg center_x = {};
  /// float, or one per sample: where y stays
  Arg center_y = {};
  /// float, or one per sample: where z stays
  Arg center_z = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value coord_flip(const Value& data_in, const CoordFlipArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("coord_flip", given, {{"layout", args.layout.value}, {"flip_x", args.flip_x.value}, {"flip_y", args.flip_y.value}, {"flip_z", args.flip_z.value}, {"center_x", args.center_x.value}, {"center_y", args.center_y.value}, {"center_z", args.center_z.value}}, args.options)[0];
}

/// Maps points: out = M in + T, along the last axis.
struct CoordTransformArgs {
  /// float or list of float, or one per sample: matrix, row by row, a row for each output
  /// component; one number: that number on the diagonal; default: identity
  Arg M = {};
  /// float or list of float, or one per sample: vector, or one number for all components;
  /// default: 0
  Arg T = {};
  /// float or list of float, or one per sample: both side by side: a row of M, then its number
  /// of T; excludes M and T
  Arg MT = {};
  /// DALIDataType: element type of the output; integers are rounded and clamped
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value coord_transform(const Value& data_in, const CoordTransformArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("coord_transform", given, {{"M", args.M.value}, {"T", args.T.value}, {"MT", args.MT.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Gives the input.
struct CopyArgs {
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value copy(const Value& data_in, const CopyArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("copy", given, {}, args.options)[0];
}

/// Cuts a window out of an image, a volume or all frames of a sequence.
struct CropArgs {
  /// float or list of float, or one per sample: extents of the window in pixels: (H, W) or (D,
  /// H, W); fractions are cut off; default: the whole image
  Arg crop = {};
  /// float, or one per sample: height of the window in pixels; 0: not given
  Arg crop_h = {};
  /// float, or one per sample: width of the window in pixels; 0: not given
  Arg crop_w = {};
  /// float, or one per sample: depth of the window in voxels; 0: not given
  Arg crop_d = {};
  /// float, or one per sample: place of the window, 0 (left) to 1 (right): start = pos * (width
  /// - crop_w)
  Arg crop_pos_x = {};
  /// float, or one per sample: place of the window, 0 (top) to 1 (bottom)
  Arg crop_pos_y = {};
  /// float, or one per sample: place of the window, 0 (front) to 1 (back)
  Arg crop_pos_z = {};
  /// str: of the window's start: "round" (half away from zero) or "truncate"
  Arg rounding = {};
  /// str: a window that leaves the image: "error", "pad" (also "constant"): filled with
  /// fill_values, or "trim_to_shape": cut to the image
  Arg out_of_bounds_policy = {};
  /// float or list of float: for "pad": one value, or one per channel; fractions are cut off
  /// for integer types
  Arg fill_values = {};
  /// DALIDataType: element type of the output; default: that of the input; floats lose their
  /// fraction in integers
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value crop(const Value& data_in, const CropArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("crop", given, {{"crop", args.crop.value}, {"crop_h", args.crop_h.value}, {"crop_w", args.crop_w.value}, {"crop_d", args.crop_d.value}, {"crop_pos_x", args.crop_pos_x.value}, {"crop_pos_y", args.crop_pos_y.value}, {"crop_pos_z", args.crop_pos_z.value}, {"rounding", args.rounding.value}, {"out_of_bounds_policy", args.out_of_bounds_policy.value}, {"fill_values", args.fill_values.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Cuts a window, mirrors it, normalises it per channel and reorders the axes: out = scale *
/// (in - mean) / std + shift.
struct CropMirrorNormalizeArgs {
  /// float or list of float, or one per sample: extents of the window in pixels: (H, W) or (D,
  /// H, W); fractions are cut off; default: the whole image
  Arg crop = {};
  /// float, or one per sample: height of the window in pixels; 0: not given
  Arg crop_h = {};
  /// float, or one per sample: width of the window in pixels; 0: not given
  Arg crop_w = {};
  /// float, or one per sample: depth of the window in voxels; 0: not given
  Arg crop_d = {};
  /// float, or one per sample: place of the window, 0 (left) to 1 (right): start = pos * (width
  /// - crop_w)
  Arg crop_pos_x = {};
  /// float, or one per sample: place of the window, 0 (top) to 1 (bottom)
  Arg crop_pos_y = {};
  /// float, or one per sample: place of the window, 0 (front) to 1 (back)
  Arg crop_pos_z = {};
  /// str: of the window's start: "round" (half away from zero) or "truncate"
  Arg rounding = {};
  /// str: a window that leaves the image: "error", "pad" (also "constant"): filled with
  /// fill_values, or "trim_to_shape": cut to the image
  Arg out_of_bounds_policy = {};
  /// float or list of float: for "pad": one value, or one per channel; fractions are cut off
  /// for integer types
  Arg fill_values = {};
  /// DALIDataType: element type of the output: FLOAT, FLOAT16, UINT8 or INT8; integers are
  /// rounded and clamped
  Arg dtype = {};
  /// str: order of the axes of the output, any permutation of the input's; "": as the input;
  /// default: channels first (CHW, FCHW)
  Arg output_layout = {};
  /// int, or one per sample: not 0: exchanges left and right
  Arg mirror = {};
  /// float or list of float, or one per sample: subtracted; one value or one per channel, in
  /// units of the input
  Arg mean = {};
  /// float or list of float, or one per sample: divides; one value or one per channel, in units
  /// of the input
  Arg std = {};
  /// float: multiplies the normalised value
  Arg scale = {};
  /// float: is added in the end
  Arg shift = {};
  /// bool: adds channels up to the next power of two, filled with fill_values if
  /// out_of_bounds_policy is "pad", else with 0
  Arg pad_output = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value crop_mirror_normalize(const Value& data_in, const CropMirrorNormalizeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("crop_mirror_normalize", given, {{"crop", args.crop.value}, {"crop_h", args.crop_h.value}, {"crop_w", args.crop_w.value}, {"crop_d", args.crop_d.value}, {"crop_pos_x", args.crop_pos_x.value}, {"crop_pos_y", args.crop_pos_y.value}, {"crop_pos_z", args.crop_pos_z.value}, {"rounding", args.rounding.value}, {"out_of_bounds_policy", args.out_of_bounds_policy.value}, {"fill_values", args.fill_values.value}, {"dtype", args.dtype.value}, {"output_layout", args.output_layout.value}, {"mirror", args.mirror.value}, {"mean", args.mean.value}, {"std", args.std.value}, {"scale", args.scale.value}, {"shift", args.shift.value}, {"pad_output", args.pad_output.value}}, args.options)[0];
}

namespace decoders {
/// Decodes an image. Gives HWC. Formats: JPEG, PNG, BMP, TIFF, PNM, WebP. JPEG gives the bytes
/// of libjpeg-turbo's accurate transform and smooth upsampling.
struct ImageArgs {
  /// DALIImageType: RGB, BGR, YCbCr (BT.601 limited range): 3 channels; GRAY: 1; ANY_DATA: as
  /// stored
  Arg output_type = {};
  /// DALIDataType: element type; values are scaled to its range: floats to [0, 1]
  Arg dtype = {};
  /// bool: turns the image as its EXIF data say
  Arg adjust_orientation = {};
  /// bool: JPEG: quicker, up to 4 levels off
  Arg use_fast_idct = {};
  /// bool: no effect: chroma is always smoothed
  Arg jpeg_fancy_upsampling = {};
  /// int: no effect
  Arg hybrid_huffman_threshold = {};
  /// float: no effect
  Arg hw_decoder_load = {};
  /// int: no effect
  Arg device_memory_padding = {};
  /// int: no effect
  Arg host_memory_padding = {};
  /// int: no effect
  Arg device_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg host_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg preallocate_width_hint = {};
  /// int: no effect
  Arg preallocate_height_hint = {};
  /// bool: no effect
  Arg affine = {};
  /// bool: deprecated, no effect
  Arg split_stages = {};
  /// bool: deprecated, no effect
  Arg use_chunk_allocator = {};
  /// bool: deprecated, no effect
  Arg memory_stats = {};
  /// int: no effect
  Arg cache_size = {};
  /// int: no effect
  Arg cache_threshold = {};
  /// str: no effect
  Arg cache_type = {};
  /// bool: no effect
  Arg cache_debug = {};
  /// bool: no effect
  Arg cache_batch_copy = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value image(const Value& data_in, const ImageArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("decoders.image", given, {{"output_type", args.output_type.value}, {"dtype", args.dtype.value}, {"adjust_orientation", args.adjust_orientation.value}, {"use_fast_idct", args.use_fast_idct.value}, {"jpeg_fancy_upsampling", args.jpeg_fancy_upsampling.value}, {"hybrid_huffman_threshold", args.hybrid_huffman_threshold.value}, {"hw_decoder_load", args.hw_decoder_load.value}, {"device_memory_padding", args.device_memory_padding.value}, {"host_memory_padding", args.host_memory_padding.value}, {"device_memory_padding_jpeg2k", args.device_memory_padding_jpeg2k.value}, {"host_memory_padding_jpeg2k", args.host_memory_padding_jpeg2k.value}, {"preallocate_width_hint", args.preallocate_width_hint.value}, {"preallocate_height_hint", args.preallocate_height_hint.value}, {"affine", args.affine.value}, {"split_stages", args.split_stages.value}, {"use_chunk_allocator", args.use_chunk_allocator.value}, {"memory_stats", args.memory_stats.value}, {"cache_size", args.cache_size.value}, {"cache_threshold", args.cache_threshold.value}, {"cache_type", args.cache_type.value}, {"cache_debug", args.cache_debug.value}, {"cache_batch_copy", args.cache_batch_copy.value}}, args.options)[0];
}
}  // namespace decoders

namespace decoders {
/// Decodes a window of an image, as decode then crop. Gives HWC. Formats: JPEG, PNG, BMP, TIFF,
/// PNM, WebP. JPEG gives the bytes of libjpeg-turbo's accurate transform and smooth upsampling.
struct ImageCropArgs {
  /// DALIImageType: RGB, BGR, YCbCr (BT.601 limited range): 3 channels; GRAY: 1; ANY_DATA: as
  /// stored
  Arg output_type = {};
  /// DALIDataType: element type; values are scaled to its range: floats to [0, 1]
  Arg dtype = {};
  /// bool: turns the image as its EXIF data say
  Arg adjust_orientation = {};
  /// bool: JPEG: quicker, up to 4 levels off
  Arg use_fast_idct = {};
  /// bool: no effect: chroma is always smoothed
  Arg jpeg_fancy_upsampling = {};
  /// int: no effect
  Arg hybrid_huffman_threshold = {};
  /// float: no effect
  Arg hw_decoder_load = {};
  /// int: no effect
  Arg device_memory_padding = {};
  /// int: no effect
  Arg host_memory_padding = {};
  /// int: no effect
  Arg device_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg host_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg preallocate_width_hint = {};
  /// int: no effect
  Arg preallocate_height_hint = {};
  /// bool: no effect
  Arg affine = {};
  /// bool: deprecated, no effect
  Arg split_stages = {};
  /// bool: deprecated, no effect
  Arg use_chunk_allocator = {};
  /// bool: deprecated, no effect
  Arg memory_stats = {};
  /// float or list of float, or one per sample: extents of the window in pixels: (H, W) or (D,
  /// H, W); fractions are cut off; default: the whole image
  Arg crop = {};
  /// float, or one per sample: height of the window in pixels; 0: not given
  Arg crop_h = {};
  /// float, or one per sample: width of the window in pixels; 0: not given
  Arg crop_w = {};
  /// float, or one per sample: depth of the window in voxels; 0: not given
  Arg crop_d = {};
  /// float, or one per sample: place of the window, 0 (left) to 1 (right): start = pos * (width
  /// - crop_w)
  Arg crop_pos_x = {};
  /// float, or one per sample: place of the window, 0 (top) to 1 (bottom)
  Arg crop_pos_y = {};
  /// float, or one per sample: place of the window, 0 (front) to 1 (back)
  Arg crop_pos_z = {};
  /// str: of the window's start: "round" (half away from zero) or "truncate"
  Arg rounding = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value image_crop(const Value& data_in, const ImageCropArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("decoders.image_crop", given, {{"output_type", args.output_type.value}, {"dtype", args.dtype.value}, {"adjust_orientation", args.adjust_orientation.value}, {"use_fast_idct", args.use_fast_idct.value}, {"jpeg_fancy_upsampling", args.jpeg_fancy_upsampling.value}, {"hybrid_huffman_threshold", args.hybrid_huffman_threshold.value}, {"hw_decoder_load", args.hw_decoder_load.value}, {"device_memory_padding", args.device_memory_padding.value}, {"host_memory_padding", args.host_memory_padding.value}, {"device_memory_padding_jpeg2k", args.device_memory_padding_jpeg2k.value}, {"host_memory_padding_jpeg2k", args.host_memory_padding_jpeg2k.value}, {"preallocate_width_hint", args.preallocate_width_hint.value}, {"preallocate_height_hint", args.preallocate_height_hint.value}, {"affine", args.affine.value}, {"split_stages", args.split_stages.value}, {"use_chunk_allocator", args.use_chunk_allocator.value}, {"memory_stats", args.memory_stats.value}, {"crop", args.crop.value}, {"crop_h", args.crop_h.value}, {"crop_w", args.crop_w.value}, {"crop_d", args.crop_d.value}, {"crop_pos_x", args.crop_pos_x.value}, {"crop_pos_y", args.crop_pos_y.value}, {"crop_pos_z", args.crop_pos_z.value}, {"rounding", args.rounding.value}}, args.options)[0];
}
}  // namespace decoders

namespace decoders {
/// Decodes a window of random area and aspect ratio. Gives HWC. Formats: JPEG, PNG, BMP, TIFF,
/// PNM, WebP. JPEG gives the bytes of libjpeg-turbo's accurate transform and smooth upsampling.
struct ImageRandomCropArgs {
  /// DALIImageType: RGB, BGR, YCbCr (BT.601 limited range): 3 channels; GRAY: 1; ANY_DATA: as
  /// stored
  Arg output_type = {};
  /// DALIDataType: element type; values are scaled to its range: floats to [0, 1]
  Arg dtype = {};
  /// bool: turns the image as its EXIF data say
  Arg adjust_orientation = {};
  /// bool: JPEG: quicker, up to 4 levels off
  Arg use_fast_idct = {};
  /// bool: no effect: chroma is always smoothed
  Arg jpeg_fancy_upsampling = {};
  /// int: no effect
  Arg hybrid_huffman_threshold = {};
  /// float: no effect
  Arg hw_decoder_load = {};
  /// int: no effect
  Arg device_memory_padding = {};
  /// int: no effect
  Arg host_memory_padding = {};
  /// int: no effect
  Arg device_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg host_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg preallocate_width_hint = {};
  /// int: no effect
  Arg preallocate_height_hint = {};
  /// bool: no effect
  Arg affine = {};
  /// bool: deprecated, no effect
  Arg split_stages = {};
  /// bool: deprecated, no effect
  Arg use_chunk_allocator = {};
  /// bool: deprecated, no effect
  Arg memory_stats = {};
  /// float or list of float: range (low, high) of width / height, drawn uniformly in its
  /// logarithm
  Arg random_aspect_ratio = {};
  /// float or list of float: range (low, high) of the window's share of the image's area, in
  /// (0, 1]
  Arg random_area = {};
  /// int: draws before the largest window of an allowed ratio is taken
  Arg num_attempts = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value image_random_crop(const Value& data_in, const ImageRandomCropArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("decoders.image_random_crop", given, {{"output_type", args.output_type.value}, {"dtype", args.dtype.value}, {"adjust_orientation", args.adjust_orientation.value}, {"use_fast_idct", args.use_fast_idct.value}, {"jpeg_fancy_upsampling", args.jpeg_fancy_upsampling.value}, {"hybrid_huffman_threshold", args.hybrid_huffman_threshold.value}, {"hw_decoder_load", args.hw_decoder_load.value}, {"device_memory_padding", args.device_memory_padding.value}, {"host_memory_padding", args.host_memory_padding.value}, {"device_memory_padding_jpeg2k", args.device_memory_padding_jpeg2k.value}, {"host_memory_padding_jpeg2k", args.host_memory_padding_jpeg2k.value}, {"preallocate_width_hint", args.preallocate_width_hint.value}, {"preallocate_height_hint", args.preallocate_height_hint.value}, {"affine", args.affine.value}, {"split_stages", args.split_stages.value}, {"use_chunk_allocator", args.use_chunk_allocator.value}, {"memory_stats", args.memory_stats.value}, {"random_aspect_ratio", args.random_aspect_ratio.value}, {"random_area", args.random_area.value}, {"num_attempts", args.num_attempts.value}}, args.options)[0];
}
}  // namespace decoders

namespace decoders {
/// Decodes a slice of an image, as decode then slice. Gives HWC. Formats: JPEG, PNG, BMP, TIFF,
/// PNM, WebP. JPEG gives the bytes of libjpeg-turbo's accurate transform and smooth upsampling.
struct ImageSliceArgs {
  /// optional input: extents; floats are relative (normalized_shape)
  Value shape_in = {};
  /// optional input: start along each axis; floats are relative (normalized_anchor)
  Value anchor_in = {};
  /// DALIImageType: RGB, BGR, YCbCr (BT.601 limited range): 3 channels; GRAY: 1; ANY_DATA: as
  /// stored
  Arg output_type = {};
  /// DALIDataType: element type; values are scaled to its range: floats to [0, 1]
  Arg dtype = {};
  /// bool: turns the image as its EXIF data say
  Arg adjust_orientation = {};
  /// bool: JPEG: quicker, up to 4 levels off
  Arg use_fast_idct = {};
  /// bool: no effect: chroma is always smoothed
  Arg jpeg_fancy_upsampling = {};
  /// int: no effect
  Arg hybrid_huffman_threshold = {};
  /// float: no effect
  Arg hw_decoder_load = {};
  /// int: no effect
  Arg device_memory_padding = {};
  /// int: no effect
  Arg host_memory_padding = {};
  /// int: no effect
  Arg device_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg host_memory_padding_jpeg2k = {};
  /// int: no effect
  Arg preallocate_width_hint = {};
  /// int: no effect
  Arg preallocate_height_hint = {};
  /// bool: no effect
  Arg affine = {};
  /// bool: deprecated, no effect
  Arg split_stages = {};
  /// bool: deprecated, no effect
  Arg use_chunk_allocator = {};
  /// bool: deprecated, no effect
  Arg memory_stats = {};
  /// float or list of float, or one per sample: first index along each axis of `axes`, in
  /// pixels
  Arg start = {};
  /// float or list of float, or one per sample: first index as a share of the extent
  Arg rel_start = {};
  /// float or list of float, or one per sample: index after the last, in pixels; default: the
  /// extent
  Arg end = {};
  /// float or list of float, or one per sample: index after the last as a share of the extent
  Arg rel_end = {};
  /// float or list of float, or one per sample: extent of the slice in pixels, instead of an
  /// end
  Arg shape = {};
  /// float or list of float, or one per sample: extent of the slice as a share of the extent
  Arg rel_shape = {};
  /// int or list of int: axes that are sliced, in the order of the other arguments; negative:
  /// from the end
  Arg axes = {};
  /// str: the same by letters of the layout; wins over axes where there is a layout
  Arg axis_names = {};
  /// bool: a positional float anchor is relative
  Arg normalized_anchor = {};
  /// bool: a positional float shape is relative
  Arg normalized_shape = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value image_slice(const Value& data_in, const ImageSliceArgs& args = {}) {
  std::vector<Value> given = {data_in};
  if (args.anchor_in) given.push_back(args.anchor_in);
  if (args.shape_in) given.push_back(args.shape_in);
  return call("decoders.image_slice", given, {{"output_type", args.output_type.value}, {"dtype", args.dtype.value}, {"adjust_orientation", args.adjust_orientation.value}, {"use_fast_idct", args.use_fast_idct.value}, {"jpeg_fancy_upsampling", args.jpeg_fancy_upsampling.value}, {"hybrid_huffman_threshold", args.hybrid_huffman_threshold.value}, {"hw_decoder_load", args.hw_decoder_load.value}, {"device_memory_padding", args.device_memory_padding.value}, {"host_memory_padding", args.host_memory_padding.value}, {"device_memory_padding_jpeg2k", args.device_memory_padding_jpeg2k.value}, {"host_memory_padding_jpeg2k", args.host_memory_padding_jpeg2k.value}, {"preallocate_width_hint", args.preallocate_width_hint.value}, {"preallocate_height_hint", args.preallocate_height_hint.value}, {"affine", args.affine.value}, {"split_stages", args.split_stages.value}, {"use_chunk_allocator", args.use_chunk_allocator.value}, {"memory_stats", args.memory_stats.value}, {"start", args.start.value}, {"rel_start", args.rel_start.value}, {"end", args.end.value}, {"rel_end", args.rel_end.value}, {"shape", args.shape.value}, {"rel_shape", args.rel_shape.value}, {"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"normalized_anchor", args.normalized_anchor.value}, {"normalized_shape", args.normalized_shape.value}}, args.options)[0];
}
}  // namespace decoders

/// Gives elements of the outermost axis, one output per entry of element_map.
struct ElementExtractArgs {
  /// int or list of int: indices along the outermost axis, none negative; required
  Arg element_map = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline std::vector<Value> element_extract(const Value& data_in, const ElementExtractArgs& args) {
  std::vector<Value> given = {data_in};
  return call("element_extract", given, {{"element_map", args.element_map.value}}, args.options);
}

/// Equalises the histogram of every channel of every frame: out = round((cdf(in) - cdf_min) *
/// 255 / (pixels - cdf_min)), where cdf counts the values up to one and cdf_min those of the
/// smallest value present. A channel of one value stays as it is.
struct EqualizeArgs {
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value equalize(const Value& data_in, const EqualizeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("equalize", given, {}, args.options)[0];
}

/// Fills one or several boxes, one after another. A box covers the elements from trunc(anchor)
/// to before trunc(anchor + shape) along the named axes, all of the others, cut at the tensor's
/// ends.
struct EraseArgs {
  /// float or list of float, or one per sample: start of each box: a number per axis, box by
  /// box
  Arg anchor = {};
  /// float or list of float, or one per sample: extent of each box: a number per axis, box by
  /// box
  Arg shape = {};
  /// int or list of int: axes that anchor and shape speak of; default: all but C
  Arg axes = {};
  /// str: the same by letters of the layout, such as "HW"; goes before axes
  Arg axis_names = {};
  /// float or list of float, or one per sample: one number, or one per channel; fractions are
  /// cut off
  Arg fill_value = {};
  /// bool: anchor is in units of the extents
  Arg normalized_anchor = {};
  /// bool: shape is in units of the extents
  Arg normalized_shape = {};
  /// bool: both are; cannot be combined with normalized_anchor and normalized_shape
  Arg normalized = {};
  /// bool: anchor is the middle of a box
  Arg centered_anchor = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value erase(const Value& data_in, const EraseArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("erase", given, {{"anchor", args.anchor.value}, {"shape", args.shape.value}, {"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"fill_value", args.fill_value.value}, {"normalized_anchor", args.normalized_anchor.value}, {"normalized_shape", args.normalized_shape.value}, {"normalized", args.normalized.value}, {"centered_anchor", args.centered_anchor.value}}, args.options)[0];
}

/// Adds dimensions of extent 1.
struct ExpandDimsArgs {
  /// int or list of int: places of the new dimensions in the output, none negative; required
  Arg axes = {};
  /// str: their letters in the layout, in order; without them the layout is cleared
  Arg new_axis_names = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value expand_dims(const Value& data_in, const ExpandDimsArgs& args) {
  std::vector<Value> given = {data_in};
  return call("expand_dims", given, {{"axes", args.axes.value}, {"new_axis_names", args.new_axis_names.value}}, args.options)[0];
}

/// Correlates an image with a kernel (which is not mirrored): out(y, x) = sum of kernel(i, j) *
/// in(y + i - anchor, x + j - anchor), halves rounded to even.
struct FilterArgs {
  /// optional input: a scalar, what lies outside with border="constant"; default 0
  Value fill_value_in = {};
  /// int or list of int, or one per sample: element of the kernel over the output's pixel, (y,
  /// x); -1: the middle, n // 2
  Arg anchor = {};
  /// str: reflect_101, reflect_1001, wrap, clamp or constant
  Arg border = {};
  /// str: same: the input's size; valid: only where the whole kernel lies on the image
  Arg mode = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value filter(const Value& data_in, const Value& filter_in, const FilterArgs& args = {}) {
  std::vector<Value> given = {data_in, filter_in};
  if (args.fill_value_in) given.push_back(args.fill_value_in);
  return call("filter", given, {{"anchor", args.anchor.value}, {"border", args.border.value}, {"mode", args.mode.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Mirrors an image, a volume or all frames of a sequence.
struct FlipArgs {
  /// int, or one per sample: not 0: exchanges left and right
  Arg horizontal = {};
  /// int, or one per sample: not 0: exchanges top and bottom
  Arg vertical = {};
  /// int, or one per sample: not 0: exchanges front and back
  Arg depthwise = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value flip(const Value& data_in, const FlipArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("flip", given, {{"horizontal", args.horizontal.value}, {"vertical", args.vertical.value}, {"depthwise", args.depthwise.value}}, args.options)[0];
}

/// A tensor of one value (or of a value broadcast to the shape).
struct FullArgs {
  /// int or list of int, or one per sample: extents; default: a scalar
  Arg shape = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value full(const Value& fill_value_in, const FullArgs& args = {}) {
  std::vector<Value> given = {fill_value_in};
  return call("full", given, {{"shape", args.shape.value}}, args.options)[0];
}

/// One value in the shape of another tensor.
struct FullLikeArgs {
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value full_like(const Value& data_like_in, const Value& fill_value_in, const FullLikeArgs& args = {}) {
  std::vector<Value> given = {data_like_in, fill_value_in};
  return call("full_like", given, {}, args.options)[0];
}

/// Blurs with a Gaussian window, cut off and normalised to sum 1; borders are mirrored without
/// repeating the outermost element.
struct GaussianBlurArgs {
  /// int or list of int, or one per sample: elements of the window, odd; one number or one per
  /// axis; 0: 2 * ceil(3 * sigma) + 1
  Arg window_size = {};
  /// float or list of float, or one per sample: standard deviation in elements; one number or
  /// one per axis; 0: ((window_size - 1) / 2 - 1) * 0.3 + 0.8
  Arg sigma = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value gaussian_blur(const Value& data_in, const GaussianBlurArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("gaussian_blur", given, {{"window_size", args.window_size.value}, {"sigma", args.sigma.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// A property of the input as the bytes of its text, 1-d uint8.
struct GetPropertyArgs {
  /// str: "source_info": name of the file it came from; "layout"; required
  Arg key = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value get_property(const Value& data_in, const GetPropertyArgs& args) {
  std::vector<Value> given = {data_in};
  return call("get_property", given, {{"key", args.key.value}}, args.options)[0];
}

/// Blackens a square in every tile of a rotated, shifted grid.
struct GridMaskArgs {
  /// int, or one per sample: side of a tile in pixels, at least 1
  Arg tile = {};
  /// float, or one per sample: side of the black square, as a share of the tile's
  Arg ratio = {};
  /// float, or one per sample: rotation of the grid in radians
  Arg angle = {};
  /// float, or one per sample: shift of the grid along x in pixels
  Arg shift_x = {};
  /// float, or one per sample: shift of the grid along y in pixels
  Arg shift_y = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value grid_mask(const Value& data_in, const GridMaskArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("grid_mask", given, {{"tile", args.tile.value}, {"ratio", args.ratio.value}, {"angle", args.angle.value}, {"shift_x", args.shift_x.value}, {"shift_y", args.shift_y.value}}, args.options)[0];
}

/// Turns the hue, scales saturation and brightness, as one linear map in YIQ coordinates (not a
/// conversion to HSV). The output is uint8 unless `dtype` says otherwise.
struct HsvArgs {
  /// float, or one per sample: angle in degrees; 0 changes nothing
  Arg hue = {};
  /// float, or one per sample: factor; 0 gives grey, 1 changes nothing
  Arg saturation = {};
  /// float, or one per sample: factor of all values; 1 changes nothing
  Arg value = {};
  /// DALIImageType: accepted for compatibility: pixels are taken as RGB
  Arg image_type = {};
  /// DALIDataType: element type of the output; default: uint8
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value hsv(const Value& data_in, const HsvArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("hsv", given, {{"hue", args.hue.value}, {"saturation", args.saturation.value}, {"value", args.value.value}, {"image_type", args.image_type.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Turns the hue: a rotation of the I and Q components in YIQ coordinates.
struct HueArgs {
  /// float, or one per sample: angle in degrees; 0 changes nothing
  Arg hue = {};
  /// DALIImageType: accepted for compatibility: pixels are taken as RGB
  Arg image_type = {};
  /// DALIDataType: element type of the output; default: that of the input
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value hue(const Value& data_in, const HueArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("hue", given, {{"hue", args.hue.value}, {"image_type", args.image_type.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

namespace io::file {
/// Reads a whole file.
struct ReadArgs {
  /// bool: accepted; files are always read
  Arg dont_use_mmap = {};
  /// bool: accepted and ignored
  Arg use_o_direct = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value read(const Value& filepath_in, const ReadArgs& args = {}) {
  std::vector<Value> given = {filepath_in};
  return call("io.file.read", given, {{"dont_use_mmap", args.dont_use_mmap.value}, {"use_o_direct", args.use_o_direct.value}}, args.options)[0];
}
}  // namespace io::file

/// Encodes every frame as JPEG with 4:2:0 chroma, and decodes it again.
struct JpegCompressionDistortionArgs {
  /// int, or one per sample: 1 (worst) to 100; clamped to that
  Arg quality = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value jpeg_compression_distortion(const Value& data_in, const JpegCompressionDistortionArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("jpeg_compression_distortion", given, {{"quality", args.quality.value}}, args.options)[0];
}

/// Sum over the axes of the second derivative along the axis, smoothed along the others.
/// Windows are those of Sobel operators: the derivative is (1, -2, 1), smoothing (1), each
/// widened by (1, 1).
struct LaplacianArgs {
  /// int or list of int, or one per sample: size of the derivative's window, odd, 3 to 31; one
  /// number or one per axis
  Arg window_size = {};
  /// int or list of int, or one per sample: size of the smoothing windows, odd, 1 to 31; one
  /// number or one per axis along which is smoothed; default: the derivative's own window_size
  Arg smoothing_size = {};
  /// float or list of float, or one per sample: factor of each derivative; one number or one
  /// per axis
  Arg scale = {};
  /// bool: instead of `scale`, the factor 2 ** (n + 2 - sum of the window sizes), n axes
  Arg normalized_kernel = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value laplacian(const Value& data_in, const LaplacianArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("laplacian", given, {{"window_size", args.window_size.value}, {"smoothing_size", args.smoothing_size.value}, {"scale", args.scale.value}, {"normalized_kernel", args.normalized_kernel.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Replaces every integer by the value of its key.
struct LookupTableArgs {
  /// int or list of int: 0 to 65535; the last of equal keys wins
  Arg keys = {};
  /// float or list of float: a value for each key
  Arg values = {};
  /// float: value of all other integers
  Arg default_value = {};
  /// DALIDataType: element type of the output; integers are rounded
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value lookup_table(const Value& data_in, const LookupTableArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("lookup_table", given, {{"keys", args.keys.value}, {"values", args.values.value}, {"default_value", args.default_value.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

namespace noise {
/// Adds normally distributed noise, another number to every element; the result is rounded and
/// clamped to the type.
struct GaussianArgs {
  /// float, or one per sample: mean of the noise, in units of the values
  Arg mean = {};
  /// float, or one per sample: standard deviation of the noise
  Arg stddev = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value gaussian(const Value& data_in, const GaussianArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("noise.gaussian", given, {{"mean", args.mean.value}, {"stddev", args.stddev.value}}, args.options)[0];
}
}  // namespace noise

namespace noise {
/// Replaces random pixels by one of two values, salt or pepper.
struct SaltAndPepperArgs {
  /// float, or one per sample: probability of a pixel to be replaced, 0 to 1
  Arg prob = {};
  /// float, or one per sample: share of salt among them, 0 to 1
  Arg salt_vs_pepper = {};
  /// float, or one per sample: default: the type's largest value, 1 for floats
  Arg salt_val = {};
  /// float, or one per sample: default: the type's smallest value, -1 for floats
  Arg pepper_val = {};
  /// bool: every channel by itself; else whole pixels
  Arg per_channel = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value salt_and_pepper(const Value& data_in, const SaltAndPepperArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("noise.salt_and_pepper", given, {{"prob", args.prob.value}, {"salt_vs_pepper", args.salt_vs_pepper.value}, {"salt_val", args.salt_val.value}, {"pepper_val", args.pepper_val.value}, {"per_channel", args.per_channel.value}}, args.options)[0];
}
}  // namespace noise

namespace noise {
/// Replaces every value by Poisson(max(0, in / factor)) * factor, rounded and clamped to the
/// type.
struct ShotArgs {
  /// float, or one per sample: value of one photon: larger is noisier; 0 gives zeros
  Arg factor = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value shot(const Value& data_in, const ShotArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("noise.shot", given, {{"factor", args.factor.value}}, args.options)[0];
}
}  // namespace noise

/// out = scale * (in - mean) / stddev + shift. What is not given of mean and stddev is
/// measured: stddev = sqrt(sum((in - mean)^2) / (N - ddof) + epsilon). Where it is zero, the
/// output is `shift`.
struct NormalizeArgs {
  /// bool: measure over all samples of the batch together
  Arg batch = {};
  /// float or list of float, or one per sample: a number, or a tensor with extent 1 in reduced
  /// axes
  Arg mean = {};
  /// float or list of float, or one per sample: the same
  Arg stddev = {};
  /// int or list of int: axes along which statistics are taken; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// float, or one per sample: mean of the output
  Arg shift = {};
  /// float, or one per sample: standard deviation of the output
  Arg scale = {};
  /// float, or one per sample: added to a measured variance
  Arg epsilon = {};
  /// int: the sum of squares is divided by N - ddof
  Arg ddof = {};
  /// DALIDataType: element type of the output
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value normalize(const Value& data_in, const NormalizeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("normalize", given, {{"batch", args.batch.value}, {"mean", args.mean.value}, {"stddev", args.stddev.value}, {"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"shift", args.shift.value}, {"scale", args.scale.value}, {"epsilon", args.epsilon.value}, {"ddof", args.ddof.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// A new axis of extent num_classes that holds on_value at the label and off_value elsewhere;
/// labels outside [0, num_classes) are off everywhere. Without `axis` and if all tensors of a
/// batch have one element, they count as scalars: labels (1,) give (num_classes,).
struct OneHotArgs {
  /// int: extent of the new axis, at least 1
  Arg num_classes = {};
  /// int: place of the new axis; -1: the last
  Arg axis = {};
  /// DALIDataType: element type of the output
  Arg dtype = {};
  /// float: value at the label
  Arg on_value = {};
  /// float: value elsewhere
  Arg off_value = {};
  /// str: letter of the new axis in the layout; without it the layout is cleared
  Arg axis_name = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value one_hot(const Value& data_in, const OneHotArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("one_hot", given, {{"num_classes", args.num_classes.value}, {"axis", args.axis.value}, {"dtype", args.dtype.value}, {"on_value", args.on_value.value}, {"off_value", args.off_value.value}, {"axis_name", args.axis_name.value}}, args.options)[0];
}

/// A tensor of ones.
struct OnesArgs {
  /// int or list of int, or one per sample: extents; default: a scalar
  Arg shape = {};
  /// DALIDataType: element type
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value ones(const OnesArgs& args = {}) {
  std::vector<Value> given = {};
  return call("ones", given, {{"shape", args.shape.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Ones in the shape of another tensor.
struct OnesLikeArgs {
  /// DALIDataType: element type; default: that of data_like
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value ones_like(const Value& data_like_in, const OnesLikeArgs& args = {}) {
  std::vector<Value> given = {data_like_in};
  return call("ones_like", given, {{"dtype", args.dtype.value}}, args.options)[0];
}

/// Enlarges a tensor at the end of its axes and fills what is new.
struct PadArgs {
  /// float, or one per sample: of the new elements; fractions are cut off for integer types
  Arg fill_value = {};
  /// int or list of int: axes to pad; negative: from the end; default: all
  Arg axes = {};
  /// str: the same by letters of the layout
  Arg axis_names = {};
  /// int or list of int, or one per sample: extents for `axes`; -1 (default): the largest of
  /// the batch; a smaller one changes nothing
  Arg shape = {};
  /// int or list of int, or one per sample: extents are rounded up to multiples of it; one for
  /// all or one per axis
  Arg align = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value pad(const Value& data_in, const PadArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("pad", given, {{"fill_value", args.fill_value.value}, {"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"shape", args.shape.value}, {"align", args.align.value}}, args.options)[0];
}

/// Height, width and channels that a decoder would give, from the header alone.
struct PeekImageShapeArgs {
  /// DALIDataType: element type of the output
  Arg dtype = {};
  /// bool: of the image as its EXIF data turn it
  Arg adjust_orientation = {};
  /// DALIImageType: colours that are counted; ANY_DATA: the stored channels
  Arg image_type = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value peek_image_shape(const Value& data_in, const PeekImageShapeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("peek_image_shape", given, {{"dtype", args.dtype.value}, {"adjust_orientation", args.adjust_orientation.value}, {"image_type", args.image_type.value}}, args.options)[0];
}

/// Sample i of the output is sample indices[i] of the batch.
struct PermuteBatchArgs {
  /// int or list of int, or one per sample: a list with one position per sample, or a scalar
  /// per sample; inside a branch positions count the samples of the branch; required
  Arg indices = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value permute_batch(const Value& data_in, const PermuteBatchArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("permute_batch", given, {{"indices", args.indices.value}}, args.options)[0];
}

namespace random {
/// Numbers of (0, 1) with density proportional to x^(alpha-1) (1-x)^(beta-1).
struct BetaArgs {
  /// optional input: the output has its shape; its elements do not matter
  Value shape_like_in = {};
  /// int or list of int, or one per sample: extents of the output; default: a scalar per sample
  Arg shape = {};
  /// DALIDataType: element type of the output; integers are rounded and clamped
  Arg dtype = {};
  /// float, or one per sample: positive
  Arg alpha = {};
  /// float, or one per sample: positive
  Arg beta = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value beta(const BetaArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.shape_like_in) given.push_back(args.shape_like_in);
  return call("random.beta", given, {{"shape", args.shape.value}, {"dtype", args.dtype.value}, {"alpha", args.alpha.value}, {"beta", args.beta.value}}, args.options)[0];
}
}  // namespace random

namespace random {
/// Numbers 0 ... a-1 if `a` is a scalar, else slices of `a` along its first axis; drawn with
/// replacement.
struct ChoiceArgs {
  /// optional input: the result has as many choices as it has elements
  Value shape_like_in = {};
  /// float or list of float, or one per sample: a probability for each; they sum to 1 (within
  /// 1e-4)
  Arg p = {};
  /// int or list of int, or one per sample: extents of the choices; default: one choice
  Arg shape = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value choice(const Value& a_in, const ChoiceArgs& args = {}) {
  std::vector<Value> given = {a_in};
  if (args.shape_like_in) given.push_back(args.shape_like_in);
  return call("random.choice", given, {{"p", args.p.value}, {"shape", args.shape.value}}, args.options)[0];
}
}  // namespace random

namespace random {
/// 1 with the given probability, else 0.
struct CoinFlipArgs {
  /// optional input: the output has its shape; its elements do not matter
  Value shape_like_in = {};
  /// int or list of int, or one per sample: extents of the output; default: a scalar per sample
  Arg shape = {};
  /// DALIDataType: element type of the output; integers are rounded and clamped
  Arg dtype = {};
  /// float, or one per sample: of a 1; from 1 on always, up to 0 never
  Arg probability = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value coin_flip(const CoinFlipArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.shape_like_in) given.push_back(args.shape_like_in);
  return call("random.coin_flip", given, {{"shape", args.shape.value}, {"dtype", args.dtype.value}, {"probability", args.probability.value}}, args.options)[0];
}
}  // namespace random

namespace random {
/// Normally distributed numbers.
struct NormalArgs {
  /// optional input: the output has its shape; its elements do not matter
  Value shape_like_in = {};
  /// int or list of int, or one per sample: extents of the output; default: a scalar per sample
  Arg shape = {};
  /// DALIDataType: element type of the output; integers are rounded and clamped
  Arg dtype = {};
  /// float, or one per sample: mean
  Arg mean = {};
  /// float, or one per sample: standard deviation, not negative
  Arg stddev = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value normal(const NormalArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.shape_like_in) given.push_back(args.shape_like_in);
  return call("random.normal", given, {{"shape", args.shape.value}, {"dtype", args.dtype.value}, {"mean", args.mean.value}, {"stddev", args.stddev.value}}, args.options)[0];
}
}  // namespace random

namespace random {
/// Numbers of the half-open range, or of the list `values`, each equally likely. Integers of a
/// range are rounded, so its ends get half the weight.
struct UniformArgs {
  /// optional input: the output has its shape; its elements do not matter
  Value shape_like_in = {};
  /// int or list of int, or one per sample: extents of the output; default: a scalar per sample
  Arg shape = {};
  /// DALIDataType: element type of the output; integers are rounded and clamped
  Arg dtype = {};
  /// float or list of float, or one per sample: [low, high)
  Arg range = {};
  /// float or list of float, or one per sample: numbers to choose from; goes before `range`
  Arg values = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value uniform(const UniformArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.shape_like_in) given.push_back(args.shape_like_in);
  return call("random.uniform", given, {{"shape", args.shape.value}, {"dtype", args.dtype.value}, {"range", args.range.value}, {"values", args.values.value}}, args.options)[0];
}
}  // namespace random

/// Draws a window of random area and aspect ratio inside an image. Gives its anchor (y, x) and
/// its shape (height, width), int32.
struct RandomCropGeneratorArgs {
  /// float or list of float: range (low, high) of width / height, drawn uniformly in its
  /// logarithm
  Arg random_aspect_ratio = {};
  /// float or list of float: range (low, high) of the window's share of the image's area, in
  /// (0, 1]
  Arg random_area = {};
  /// int: draws before the largest window of an allowed ratio is taken
  Arg num_attempts = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline std::vector<Value> random_crop_generator(const Value& shapes_in, const RandomCropGeneratorArgs& args = {}) {
  std::vector<Value> given = {shapes_in};
  return call("random_crop_generator", given, {{"random_aspect_ratio", args.random_aspect_ratio.value}, {"random_area", args.random_area.value}, {"num_attempts", args.num_attempts.value}}, args.options);
}

/// Resizes a window of random area and aspect ratio. Filters may read pixels just outside the
/// window, as with resize and a region.
struct RandomResizedCropArgs {
  /// float or list of float, or one per sample: extents of the output in pixels, (y, x) or one
  /// for both; required
  Arg size = {};
  /// float or list of float: range (low, high) of width / height, drawn uniformly in its
  /// logarithm
  Arg random_aspect_ratio = {};
  /// float or list of float: range (low, high) of the window's share of the image's area, in
  /// (0, 1]
  Arg random_area = {};
  /// int: draws before the largest window of an allowed ratio is taken
  Arg num_attempts = {};
  /// DALIInterpType, or one per sample: filter for enlarging and reducing: NN, LINEAR, CUBIC (a
  /// = -0.5), LANCZOS3, TRIANGULAR or GAUSSIAN
  Arg interp_type = {};
  /// DALIInterpType, or one per sample: filter for enlarging; default: interp_type
  Arg mag_filter = {};
  /// DALIInterpType, or one per sample: filter for reducing; default: interp_type
  Arg min_filter = {};
  /// bool: widens the filter by the factor of reduction. Images of uint8 are then equal to
  /// Pillow's
  Arg antialias = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  /// int: accepted, without effect
  Arg temp_buffer_hint = {};
  /// int: accepted, without effect
  Arg minibatch_size = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value random_resized_crop(const Value& data_in, const RandomResizedCropArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("random_resized_crop", given, {{"size", args.size.value}, {"random_aspect_ratio", args.random_aspect_ratio.value}, {"random_area", args.random_area.value}, {"num_attempts", args.num_attempts.value}, {"interp_type", args.interp_type.value}, {"mag_filter", args.mag_filter.value}, {"min_filter", args.min_filter.value}, {"antialias", args.antialias.value}, {"dtype", args.dtype.value}, {"temp_buffer_hint", args.temp_buffer_hint.value}, {"minibatch_size", args.minibatch_size.value}}, args.options)[0];
}

namespace readers {
/// Reads files: their bytes (uint8, 1-d) and a label (int32, shape (1,)) each. With file_root
/// the label is the position of the file's folder in byte order.
struct FileArgs {
  /// str: folder with a folder per class; base of relative names
  Arg file_root = {};
  /// str: text file with a name and a label in each line
  Arg file_list = {};
  /// str or list of str: names of files
  Arg files = {};
  /// int or list of int: labels of `files`; default: the position in the list
  Arg labels = {};
  /// str or list of str: patterns of file names; default: images and sound
  Arg file_filters = {};
  /// str or list of str: patterns of folder names; default: all
  Arg dir_filters = {};
  /// bool: whether the patterns tell A from a
  Arg case_sensitive_filter = {};
  /// bool: a new permutation of all samples in every epoch, the same on all shards
  Arg random_shuffle = {};
  /// int: accepted; the shuffle is always global
  Arg initial_fill = {};
  /// int: number of parts that the data set is read in
  Arg num_shards = {};
  /// int: which part, in [0, num_shards)
  Arg shard_id = {};
  /// bool: without shuffling: never go on to the next shard
  Arg stick_to_shard = {};
  /// bool: repeat the last sample until all shards and batches are full
  Arg pad_last_batch = {};
  /// bool: accepted; files are read when they are needed
  Arg read_ahead = {};
  /// int: accepted; the pipeline's own counts
  Arg prefetch_queue_depth = {};
  /// bool: accepted; there is no decoder cache
  Arg skip_cached_images = {};
  /// bool: accepted; files are listed when the pipeline is built
  Arg lazy_init = {};
  /// bool: accepted; files are always read
  Arg dont_use_mmap = {};
  /// int: accepted
  Arg tensor_init_bytes = {};
  /// bool: as random_shuffle, with its own seed
  Arg shuffle_after_epoch = {};
  /// int: seed of that shuffle; default: fixed
  Arg shuffle_after_epoch_seed = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline std::vector<Value> file(const FileArgs& args = {}) {
  std::vector<Value> given = {};
  return call("readers.file", given, {{"file_root", args.file_root.value}, {"file_list", args.file_list.value}, {"files", args.files.value}, {"labels", args.labels.value}, {"file_filters", args.file_filters.value}, {"dir_filters", args.dir_filters.value}, {"case_sensitive_filter", args.case_sensitive_filter.value}, {"random_shuffle", args.random_shuffle.value}, {"initial_fill", args.initial_fill.value}, {"num_shards", args.num_shards.value}, {"shard_id", args.shard_id.value}, {"stick_to_shard", args.stick_to_shard.value}, {"pad_last_batch", args.pad_last_batch.value}, {"read_ahead", args.read_ahead.value}, {"prefetch_queue_depth", args.prefetch_queue_depth.value}, {"skip_cached_images", args.skip_cached_images.value}, {"lazy_init", args.lazy_init.value}, {"dont_use_mmap", args.dont_use_mmap.value}, {"tensor_init_bytes", args.tensor_init_bytes.value}, {"shuffle_after_epoch", args.shuffle_after_epoch.value}, {"shuffle_after_epoch_seed", args.shuffle_after_epoch_seed.value}}, args.options);
}
}  // namespace readers

namespace reductions {
/// Maxima along axes.
struct MaxArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value max(const Value& data_in, const MaxArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("reductions.max", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}}, args.options)[0];
}
}  // namespace reductions

namespace reductions {
/// Means along axes.
struct MeanArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  /// DALIDataType: element type of the output
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value mean(const Value& data_in, const MeanArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("reductions.mean", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}, {"dtype", args.dtype.value}}, args.options)[0];
}
}  // namespace reductions

namespace reductions {
/// Means of squares along axes.
struct MeanSquareArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  /// DALIDataType: element type of the output
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value mean_square(const Value& data_in, const MeanSquareArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("reductions.mean_square", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}, {"dtype", args.dtype.value}}, args.options)[0];
}
}  // namespace reductions

namespace reductions {
/// Minima along axes.
struct MinArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value min(const Value& data_in, const MinArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("reductions.min", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}}, args.options)[0];
}
}  // namespace reductions

namespace reductions {
/// Square roots of means of squares along axes.
struct RmsArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  /// DALIDataType: element type of the output
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value rms(const Value& data_in, const RmsArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("reductions.rms", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}, {"dtype", args.dtype.value}}, args.options)[0];
}
}  // namespace reductions

namespace reductions {
/// Standard deviations about a given mean.
struct StdDevArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  /// DALIDataType: element type of the output
  Arg dtype = {};
  /// int: the sum is divided by the number of elements - ddof
  Arg ddof = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value std_dev(const Value& data_in, const Value& mean_in, const StdDevArgs& args = {}) {
  std::vector<Value> given = {data_in, mean_in};
  return call("reductions.std_dev", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}, {"dtype", args.dtype.value}, {"ddof", args.ddof.value}}, args.options)[0];
}
}  // namespace reductions

namespace reductions {
/// Sums along axes; integers exactly (modulo 2^64).
struct SumArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  /// DALIDataType: default: UINT64 or INT64 of integers, FLOAT of floats
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value sum(const Value& data_in, const SumArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("reductions.sum", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}, {"dtype", args.dtype.value}}, args.options)[0];
}
}  // namespace reductions

namespace reductions {
/// Means of squared distances from a given mean.
struct VarianceArgs {
  /// int or list of int: axes to reduce, negative ones from the end; an empty list reduces
  /// none; default: all
  Arg axes = {};
  /// str: the same as letters of the layout
  Arg axis_names = {};
  /// bool: keep reduced axes with extent 1
  Arg keep_dims = {};
  /// DALIDataType: element type of the output
  Arg dtype = {};
  /// int: the sum is divided by the number of elements - ddof
  Arg ddof = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value variance(const Value& data_in, const Value& mean_in, const VarianceArgs& args = {}) {
  std::vector<Value> given = {data_in, mean_in};
  return call("reductions.variance", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"keep_dims", args.keep_dims.value}, {"dtype", args.dtype.value}, {"ddof", args.ddof.value}}, args.options)[0];
}
}  // namespace reductions

/// The same bytes as elements of another type. Without a shape the last extent changes with the
/// size of an element.
struct ReinterpretArgs {
  /// optional input: extents of the output, as the argument `shape`
  Value shape_input_in = {};
  /// DALIDataType: element type of the output; default: that of the input
  Arg dtype = {};
  /// int or list of int, or one per sample: extents of the output; one may be negative: what is
  /// left
  Arg shape = {};
  /// float or list of float, or one per sample: extents as multiples of the input's; one may be
  /// negative: what is left
  Arg rel_shape = {};
  /// str: layout of the output; "" clears it; default: kept if the number of dimensions is
  Arg layout = {};
  /// int or list of int: input dimensions that the extents are taken from, in order; -1: a new
  /// one of extent 1
  Arg src_dims = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value reinterpret(const Value& data_in, const ReinterpretArgs& args = {}) {
  std::vector<Value> given = {data_in};
  if (args.shape_input_in) given.push_back(args.shape_input_in);
  return call("reinterpret", given, {{"dtype", args.dtype.value}, {"shape", args.shape.value}, {"rel_shape", args.rel_shape.value}, {"layout", args.layout.value}, {"src_dims", args.src_dims.value}}, args.options)[0];
}

/// The same elements under another shape or layout.
struct ReshapeArgs {
  /// optional input: extents of the output, as the argument `shape`
  Value shape_input_in = {};
  /// int or list of int, or one per sample: extents of the output; one may be negative: what is
  /// left
  Arg shape = {};
  /// float or list of float, or one per sample: extents as multiples of the input's; one may be
  /// negative: what is left
  Arg rel_shape = {};
  /// str: layout of the output; "" clears it; default: kept if the number of dimensions is
  Arg layout = {};
  /// int or list of int: input dimensions that the extents are taken from, in order; -1: a new
  /// one of extent 1
  Arg src_dims = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value reshape(const Value& data_in, const ReshapeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  if (args.shape_input_in) given.push_back(args.shape_input_in);
  return call("reshape", given, {{"shape", args.shape.value}, {"rel_shape", args.rel_shape.value}, {"layout", args.layout.value}, {"src_dims", args.src_dims.value}}, args.options)[0];
}

/// Resizes images, or all frames of sequences. Exactly one of size, resize_x / resize_y,
/// resize_shorter and resize_longer says to what extents.
struct ResizeArgs {
  /// float or list of float, or one per sample: extents of the output in pixels, (y, x) or one
  /// for both; 0: not given, negative: flipped
  Arg size = {};
  /// float, or one per sample: width of the output in pixels; 0: not given, negative: flipped
  Arg resize_x = {};
  /// float, or one per sample: height of the output in pixels; 0: not given, negative: flipped
  Arg resize_y = {};
  /// float, or one per sample: extent of the shorter side; keeps the aspect ratio
  Arg resize_shorter = {};
  /// float, or one per sample: extent of the longer side; keeps the aspect ratio
  Arg resize_longer = {};
  /// str: "default": missing extents follow the geometric mean of the given scales; "stretch":
  /// they stay; "not_larger", "not_smaller": the smallest or largest given scale for all axes
  Arg mode = {};
  /// float or list of float: limit of the output's extents, (y, x) or one for both
  Arg max_size = {};
  /// bool: where the output's extent had to be rounded, adjusts the region so that the scale
  /// stays exact
  Arg subpixel_scale = {};
  /// float or list of float, or one per sample: first corner (y, x) of the region to show, in
  /// pixels
  Arg roi_start = {};
  /// float or list of float, or one per sample: other corner (y, x); a start beyond the end
  /// flips
  Arg roi_end = {};
  /// bool: corners are shares of the input's extents
  Arg roi_relative = {};
  /// DALIInterpType, or one per sample: filter for enlarging and reducing: NN, LINEAR, CUBIC (a
  /// = -0.5), LANCZOS3, TRIANGULAR or GAUSSIAN
  Arg interp_type = {};
  /// DALIInterpType, or one per sample: filter for enlarging; default: interp_type
  Arg mag_filter = {};
  /// DALIInterpType, or one per sample: filter for reducing; default: interp_type
  Arg min_filter = {};
  /// bool: widens the filter by the factor of reduction. Images of uint8 are then equal to
  /// Pillow's
  Arg antialias = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  /// int: accepted, without effect
  Arg temp_buffer_hint = {};
  /// int: accepted, without effect
  Arg minibatch_size = {};
  /// bool: gives a second output: (height, width) of the input, int32
  Arg save_attrs = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline std::vector<Value> resize(const Value& data_in, const ResizeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("resize", given, {{"size", args.size.value}, {"resize_x", args.resize_x.value}, {"resize_y", args.resize_y.value}, {"resize_shorter", args.resize_shorter.value}, {"resize_longer", args.resize_longer.value}, {"mode", args.mode.value}, {"max_size", args.max_size.value}, {"subpixel_scale", args.subpixel_scale.value}, {"roi_start", args.roi_start.value}, {"roi_end", args.roi_end.value}, {"roi_relative", args.roi_relative.value}, {"interp_type", args.interp_type.value}, {"mag_filter", args.mag_filter.value}, {"min_filter", args.min_filter.value}, {"antialias", args.antialias.value}, {"dtype", args.dtype.value}, {"temp_buffer_hint", args.temp_buffer_hint.value}, {"minibatch_size", args.minibatch_size.value}, {"save_attrs", args.save_attrs.value}}, args.options);
}

/// Resizes, cuts a window out of the result and mirrors it. Equal to resize, crop and flip one
/// after another.
struct ResizeCropMirrorArgs {
  /// float or list of float, or one per sample: extents of the output in pixels, (y, x) or one
  /// for both; 0: not given, negative: flipped
  Arg size = {};
  /// float, or one per sample: width of the output in pixels; 0: not given, negative: flipped
  Arg resize_x = {};
  /// float, or one per sample: height of the output in pixels; 0: not given, negative: flipped
  Arg resize_y = {};
  /// float, or one per sample: extent of the shorter side; keeps the aspect ratio
  Arg resize_shorter = {};
  /// float, or one per sample: extent of the longer side; keeps the aspect ratio
  Arg resize_longer = {};
  /// str: "default": missing extents follow the geometric mean of the given scales; "stretch":
  /// they stay; "not_larger", "not_smaller": the smallest or largest given scale for all axes
  Arg mode = {};
  /// float or list of float: limit of the output's extents, (y, x) or one for both
  Arg max_size = {};
  /// bool: where the output's extent had to be rounded, adjusts the region so that the scale
  /// stays exact
  Arg subpixel_scale = {};
  /// float or list of float, or one per sample: first corner (y, x) of the region to show, in
  /// pixels
  Arg roi_start = {};
  /// float or list of float, or one per sample: other corner (y, x); a start beyond the end
  /// flips
  Arg roi_end = {};
  /// bool: corners are shares of the input's extents
  Arg roi_relative = {};
  /// float or list of float, or one per sample: extents of the window in pixels: (H, W) or (D,
  /// H, W); fractions are cut off; default: the whole image
  Arg crop = {};
  /// float, or one per sample: height of the window in pixels; 0: not given
  Arg crop_h = {};
  /// float, or one per sample: width of the window in pixels; 0: not given
  Arg crop_w = {};
  /// float, or one per sample: depth of the window in voxels; 0: not given
  Arg crop_d = {};
  /// float, or one per sample: place of the window, 0 (left) to 1 (right): start = pos * (width
  /// - crop_w)
  Arg crop_pos_x = {};
  /// float, or one per sample: place of the window, 0 (top) to 1 (bottom)
  Arg crop_pos_y = {};
  /// float, or one per sample: place of the window, 0 (front) to 1 (back)
  Arg crop_pos_z = {};
  /// str: of the window's start: "round" (half away from zero) or "truncate"
  Arg rounding = {};
  /// DALIInterpType, or one per sample: filter for enlarging and reducing: NN, LINEAR, CUBIC (a
  /// = -0.5), LANCZOS3, TRIANGULAR or GAUSSIAN
  Arg interp_type = {};
  /// DALIInterpType, or one per sample: filter for enlarging; default: interp_type
  Arg mag_filter = {};
  /// DALIInterpType, or one per sample: filter for reducing; default: interp_type
  Arg min_filter = {};
  /// bool: widens the filter by the factor of reduction. Images of uint8 are then equal to
  /// Pillow's
  Arg antialias = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  /// int: accepted, without effect
  Arg temp_buffer_hint = {};
  /// int: accepted, without effect
  Arg minibatch_size = {};
  /// int, or one per sample: bits: 1 mirrors horizontally, 2 vertically, 4 (depth) is ignored
  Arg mirror = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value resize_crop_mirror(const Value& data_in, const ResizeCropMirrorArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("resize_crop_mirror", given, {{"size", args.size.value}, {"resize_x", args.resize_x.value}, {"resize_y", args.resize_y.value}, {"resize_shorter", args.resize_shorter.value}, {"resize_longer", args.resize_longer.value}, {"mode", args.mode.value}, {"max_size", args.max_size.value}, {"subpixel_scale", args.subpixel_scale.value}, {"roi_start", args.roi_start.value}, {"roi_end", args.roi_end.value}, {"roi_relative", args.roi_relative.value}, {"crop", args.crop.value}, {"crop_h", args.crop_h.value}, {"crop_w", args.crop_w.value}, {"crop_d", args.crop_d.value}, {"crop_pos_x", args.crop_pos_x.value}, {"crop_pos_y", args.crop_pos_y.value}, {"crop_pos_z", args.crop_pos_z.value}, {"rounding", args.rounding.value}, {"interp_type", args.interp_type.value}, {"mag_filter", args.mag_filter.value}, {"min_filter", args.min_filter.value}, {"antialias", args.antialias.value}, {"dtype", args.dtype.value}, {"temp_buffer_hint", args.temp_buffer_hint.value}, {"minibatch_size", args.minibatch_size.value}, {"mirror", args.mirror.value}}, args.options)[0];
}

/// Turns an image about its centre.
struct RotateArgs {
  /// float, or one per sample: degrees, counter-clockwise as seen on a screen; required
  Arg angle = {};
  /// float or list of float, or one per sample: for volumes, which are not supported; ignored
  Arg axis = {};
  /// bool: the output has the input's size; else that of a canvas which holds the whole image.
  /// `size` wins over both
  Arg keep_size = {};
  /// float or list of float, or one per sample: output height and width in pixels, rounded
  Arg size = {};
  /// float: value outside of the input, for all channels, rounded and clamped to the output's
  /// type; default: the nearest pixel of the input is repeated
  Arg fill_value = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  /// DALIInterpType: INTERP_LINEAR or INTERP_NN
  Arg interp_type = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value rotate(const Value& data_in, const RotateArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("rotate", given, {{"angle", args.angle.value}, {"axis", args.axis.value}, {"keep_size", args.keep_size.value}, {"size", args.size.value}, {"fill_value", args.fill_value.value}, {"dtype", args.dtype.value}, {"interp_type", args.interp_type.value}}, args.options)[0];
}

/// Scales the distance from grey: the I and Q components in YIQ coordinates.
struct SaturationArgs {
  /// float, or one per sample: factor; 0 gives grey, 1 changes nothing
  Arg saturation = {};
  /// DALIImageType: accepted for compatibility: pixels are taken as RGB
  Arg image_type = {};
  /// DALIDataType: element type of the output; default: that of the input
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value saturation(const Value& data_in, const SaturationArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("saturation", given, {{"saturation", args.saturation.value}, {"image_type", args.image_type.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// The extents of the input, a 1-d tensor. The input itself is not computed for it.
struct ShapesArgs {
  /// DALIDataType: element type of the output
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value shapes(const Value& data_in, const ShapesArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("shapes", given, {{"dtype", args.dtype.value}}, args.options)[0];
}

/// Cuts a window out of a tensor, given by start and end or shape along some axes.
struct SliceArgs {
  /// optional input: extents; floats are relative (normalized_shape)
  Value shape_in = {};
  /// optional input: start along each axis; floats are relative (normalized_anchor)
  Value anchor_in = {};
  /// float or list of float, or one per sample: first index along each axis of `axes`, in
  /// pixels
  Arg start = {};
  /// float or list of float, or one per sample: first index as a share of the extent
  Arg rel_start = {};
  /// float or list of float, or one per sample: index after the last, in pixels; default: the
  /// extent
  Arg end = {};
  /// float or list of float, or one per sample: index after the last as a share of the extent
  Arg rel_end = {};
  /// float or list of float, or one per sample: extent of the slice in pixels, instead of an
  /// end
  Arg shape = {};
  /// float or list of float, or one per sample: extent of the slice as a share of the extent
  Arg rel_shape = {};
  /// int or list of int: axes that are sliced, in the order of the other arguments; negative:
  /// from the end
  Arg axes = {};
  /// str: the same by letters of the layout; wins over axes where there is a layout
  Arg axis_names = {};
  /// bool: a positional float anchor is relative
  Arg normalized_anchor = {};
  /// bool: a positional float shape is relative
  Arg normalized_shape = {};
  /// str: a window that leaves the input: "error"; "pad" ("constant"): fill_values;
  /// "trim_to_shape": cut; "edge" ("clamp"), "reflect_1001" ("reflect"), "reflect_101", "wrap":
  /// the input continued
  Arg out_of_bounds_policy = {};
  /// float or list of float: for "pad": one value, or one per channel; fractions are cut off
  /// for integer types
  Arg fill_values = {};
  /// DALIDataType: element type of the output; default: that of the input; floats lose their
  /// fraction in integers
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value slice(const Value& data_in, const SliceArgs& args = {}) {
  std::vector<Value> given = {data_in};
  if (args.anchor_in) given.push_back(args.anchor_in);
  if (args.shape_in) given.push_back(args.shape_in);
  return call("slice", given, {{"start", args.start.value}, {"rel_start", args.rel_start.value}, {"end", args.end.value}, {"rel_end", args.rel_end.value}, {"shape", args.shape.value}, {"rel_shape", args.rel_shape.value}, {"axes", args.axes.value}, {"axis_names", args.axis_names.value}, {"normalized_anchor", args.normalized_anchor.value}, {"normalized_shape", args.normalized_shape.value}, {"out_of_bounds_policy", args.out_of_bounds_policy.value}, {"fill_values", args.fill_values.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Removes dimensions of extent 1.
struct SqueezeArgs {
  /// int or list of int: dimensions to remove; negative ones are ignored
  Arg axes = {};
  /// str: the same by letters of the layout
  Arg axis_names = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value squeeze(const Value& data_in, const SqueezeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("squeeze", given, {{"axes", args.axes.value}, {"axis_names", args.axis_names.value}}, args.options)[0];
}

/// Joins tensors of one shape along a new axis.
struct StackArgs {
  /// int: place of the new axis in the output; negative: from the end
  Arg axis = {};
  /// str: letter of the new axis in the layout; without it the layout is cleared
  Arg axis_name = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value stack(const std::vector<Value>& inputs, const StackArgs& args = {}) {
  std::vector<Value> given = inputs;
  return call("stack", given, {{"axis", args.axis.value}, {"axis_name", args.axis_name.value}}, args.options)[0];
}

namespace transforms {
/// One matrix for several transforms, the first input being applied first.
struct CombineArgs {
  /// bool: the last input is applied first
  Arg reverse_order = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value combine(const std::vector<Value>& inputs, const CombineArgs& args = {}) {
  std::vector<Value> given = inputs;
  return call("transforms.combine", given, {{"reverse_order", args.reverse_order.value}}, args.options)[0];
}
}  // namespace transforms

namespace transforms {
/// Matrix that maps the box from_start..from_end onto the box to_start..to_end, axis by axis.
struct CropArgs {
  /// optional input: an affine transform (n, n + 1) to combine with
  Value matrix_in = {};
  /// bool: the new transform is applied before that of the input; default: after it
  Arg reverse_order = {};
  /// float or list of float, or one per sample: one number, or one per axis
  Arg from_start = {};
  /// float or list of float, or one per sample: one number, or one per axis
  Arg from_end = {};
  /// float or list of float, or one per sample: one number, or one per axis
  Arg to_start = {};
  /// float or list of float, or one per sample: one number, or one per axis
  Arg to_end = {};
  /// bool: a start above its end changes places with it
  Arg absolute = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value crop(const CropArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.matrix_in) given.push_back(args.matrix_in);
  return call("transforms.crop", given, {{"reverse_order", args.reverse_order.value}, {"from_start", args.from_start.value}, {"from_end", args.from_end.value}, {"to_start", args.to_start.value}, {"to_end", args.to_end.value}, {"absolute", args.absolute.value}}, args.options)[0];
}
}  // namespace transforms

namespace transforms {
/// Matrix of a rotation about a center.
struct RotationArgs {
  /// optional input: an affine transform (n, n + 1) to combine with
  Value matrix_in = {};
  /// bool: the new transform is applied before that of the input; default: after it
  Arg reverse_order = {};
  /// float or list of float, or one per sample: the point that stays where it is; default: the
  /// origin
  Arg center = {};
  /// float, or one per sample: degrees; 2-d: from the x axis to the y axis; 3-d: right-handed
  /// about `axis`; required
  Arg angle = {};
  /// float or list of float, or one per sample: 3-d only: a vector of any length but 0
  Arg axis = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value rotation(const RotationArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.matrix_in) given.push_back(args.matrix_in);
  return call("transforms.rotation", given, {{"reverse_order", args.reverse_order.value}, {"center", args.center.value}, {"angle", args.angle.value}, {"axis", args.axis.value}}, args.options)[0];
}
}  // namespace transforms

namespace transforms {
/// Matrix that scales about a center.
struct ScaleArgs {
  /// optional input: an affine transform (n, n + 1) to combine with
  Value matrix_in = {};
  /// bool: the new transform is applied before that of the input; default: after it
  Arg reverse_order = {};
  /// float or list of float, or one per sample: the point that stays where it is; default: the
  /// origin
  Arg center = {};
  /// float or list of float, or one per sample: factor of each axis, or one for all; required
  Arg scale = {};
  /// int: number of axes, where `scale` is one number and there is no input
  Arg ndim = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value scale(const ScaleArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.matrix_in) given.push_back(args.matrix_in);
  return call("transforms.scale", given, {{"reverse_order", args.reverse_order.value}, {"center", args.center.value}, {"scale", args.scale.value}, {"ndim", args.ndim.value}}, args.options)[0];
}
}  // namespace transforms

namespace transforms {
/// Matrix of a shear: ones, and off the diagonal the factors row by row (2-d: 2, 3-d: 6 of
/// them).
struct ShearArgs {
  /// optional input: an affine transform (n, n + 1) to combine with
  Value matrix_in = {};
  /// bool: the new transform is applied before that of the input; default: after it
  Arg reverse_order = {};
  /// float or list of float, or one per sample: the point that stays where it is; default: the
  /// origin
  Arg center = {};
  /// float or list of float, or one per sample: factors; either these or `angles`
  Arg shear = {};
  /// float or list of float, or one per sample: degrees in [-90, 90]; the factors are their
  /// tangents
  Arg angles = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value shear(const ShearArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.matrix_in) given.push_back(args.matrix_in);
  return call("transforms.shear", given, {{"reverse_order", args.reverse_order.value}, {"center", args.center.value}, {"shear", args.shear.value}, {"angles", args.angles.value}}, args.options)[0];
}
}  // namespace transforms

namespace transforms {
/// Matrix of a translation.
struct TranslationArgs {
  /// optional input: an affine transform (n, n + 1) to combine with
  Value matrix_in = {};
  /// bool: the new transform is applied before that of the input; default: after it
  Arg reverse_order = {};
  /// float or list of float, or one per sample: the vector that is added, one number per axis;
  /// required
  Arg offset = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value translation(const TranslationArgs& args = {}) {
  std::vector<Value> given = {};
  if (args.matrix_in) given.push_back(args.matrix_in);
  return call("transforms.translation", given, {{"reverse_order", args.reverse_order.value}, {"offset", args.offset.value}}, args.options)[0];
}
}  // namespace transforms

/// Reorders the axes: axis i of the output is axis perm[i] of the input.
struct TransposeArgs {
  /// int or list of int, or one per sample: order of the axes, none negative; default: reversed
  Arg perm = {};
  /// bool: the letters of the layout move with their axes
  Arg transpose_layout = {};
  /// str: layout of the output; wins over transpose_layout
  Arg output_layout = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value transpose(const Value& data_in, const TransposeArgs& args = {}) {
  std::vector<Value> given = {data_in};
  return call("transpose", given, {{"perm", args.perm.value}, {"transpose_layout", args.transpose_layout.value}, {"output_layout", args.output_layout.value}}, args.options)[0];
}

/// Moves pixels by a linear map and a translation.
struct WarpAffineArgs {
  /// optional input: 2 x 3 numbers instead of the argument `matrix`
  Value matrix_in = {};
  /// float or list of float, or one per sample: 2 x 3 numbers, row by row, acting on (x, y) in
  /// pixels; (0, 0) is the corner of the first pixel, its centre is (0.5, 0.5)
  Arg matrix = {};
  /// bool: the matrix maps output to input; False: input to output
  Arg inverse_map = {};
  /// float or list of float, or one per sample: output height and width in pixels, rounded
  Arg size = {};
  /// float: value outside of the input, for all channels, rounded and clamped to the output's
  /// type; default: the nearest pixel of the input is repeated
  Arg fill_value = {};
  /// DALIDataType: element type of the output: that of the input (default) or FLOAT
  Arg dtype = {};
  /// DALIInterpType: INTERP_LINEAR or INTERP_NN
  Arg interp_type = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value warp_affine(const Value& data_in, const WarpAffineArgs& args = {}) {
  std::vector<Value> given = {data_in};
  if (args.matrix_in) given.push_back(args.matrix_in);
  return call("warp_affine", given, {{"matrix", args.matrix.value}, {"inverse_map", args.inverse_map.value}, {"size", args.size.value}, {"fill_value", args.fill_value.value}, {"dtype", args.dtype.value}, {"interp_type", args.interp_type.value}}, args.options)[0];
}

/// A tensor of zeros.
struct ZerosArgs {
  /// int or list of int, or one per sample: extents; default: a scalar
  Arg shape = {};
  /// DALIDataType: element type
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value zeros(const ZerosArgs& args = {}) {
  std::vector<Value> given = {};
  return call("zeros", given, {{"shape", args.shape.value}, {"dtype", args.dtype.value}}, args.options)[0];
}

/// Zeros in the shape of another tensor.
struct ZerosLikeArgs {
  /// DALIDataType: element type; default: that of data_like
  Arg dtype = {};
  CallOptions options = {};  ///< name, device, seed of this call
};
inline Value zeros_like(const Value& data_like_in, const ZerosLikeArgs& args = {}) {
  std::vector<Value> given = {data_like_in};
  return call("zeros_like", given, {{"dtype", args.dtype.value}}, args.options)[0];
}

}  // namespace vg::ops
