// Arguments, arrays and tensors across the border.
#include "convert.h"

#include <cstring>

namespace vg::python {

DType dtype_of(nb::dlpack::dtype d) {
  const auto code = static_cast<nb::dlpack::dtype_code>(d.code);
  using nb::dlpack::dtype_code;
  if (code == dtype_code::Bool) return DType::Bool;
  if (code == dtype_code::UInt)
    return d.bits == 8    ? DType::Uint8
           : d.bits == 16 ? DType::Uint16
           : d.bits == 32 ? DType::Uint32
                          : DType::Uint64;
  if (code == dtype_code::Int)
    return d.bits == 8    ? DType::Int8
           : d.bits == 16 ? DType::Int16
           : d.bits == 32 ? DType::Int32
                          : DType::Int64;
  if (code == dtype_code::Float)
    return d.bits == 16 ? DType::Float16 : d.bits == 32 ? DType::Float : DType::Float64;
  return DType::None;
}

nb::dlpack::dtype dlpack_of(DType d) {
  using nb::dlpack::dtype_code;
  const auto code = d == DType::Bool ? dtype_code::Bool
                    : is_float(d)    ? dtype_code::Float
                    : is_signed(d)   ? dtype_code::Int
                                     : dtype_code::UInt;
  return {static_cast<uint8_t>(code), static_cast<uint8_t>(size_of(d) * 8), 1};
}

namespace {

using Array = nb::ndarray<nb::ro, nb::c_contig, nb::device::cpu>;

ArgValue from_sequence(nb::handle object) {
  std::vector<int64_t> ints;
  std::vector<double> floats;
  std::vector<std::string> texts;
  bool any_float = false;
  for (nb::handle item : object) {
    if (nb::isinstance<nb::str>(item)) {
      texts.push_back(nb::cast<std::string>(item));
      continue;
    }
    const ArgValue v = to_argument(item);
    if (auto* i = std::get_if<int64_t>(&v)) {
      ints.push_back(*i);
      floats.push_back(static_cast<double>(*i));
    } else if (auto* b = std::get_if<bool>(&v)) {
      ints.push_back(*b);
      floats.push_back(*b);
    } else if (auto* d = std::get_if<double>(&v)) {
      any_float = true;
      floats.push_back(*d);
    } else {
      // Nested lists of numbers: an array.
      nb::object array = nb::module_::import_("numpy").attr("asarray")(object);
      return ArgValue(to_tensor(array, ""));
    }
  }
  if (!texts.empty()) {
    if (!floats.empty()) throw nb::type_error("a list must hold numbers only, or texts only");
    return texts;
  }
  if (any_float) return floats;
  return ints;
}

}  // namespace

Tensor to_tensor(nb::handle object, const std::string& layout) {
  nb::object array = nb::module_::import_("numpy").attr("ascontiguousarray")(object);
  const int given = nb::cast<int>(nb::module_::import_("numpy").attr("ndim")(object));
  Array a;
  try {
    a = nb::cast<Array>(array);
  } catch (const nb::cast_error&) {
    throw nb::type_error("an array of numbers is expected");
  }
  const DType dtype = dtype_of(a.dtype());
  if (dtype == DType::None) throw nb::type_error("this element type is not supported");
  Tensor t{{dtype, {}, Layout(layout)}, {}, {}, {}};
  for (size_t i = 0; i < a.ndim() && given > 0; i++)
    t.shape.push_back(static_cast<int64_t>(a.shape(i)));
  const auto bytes = static_cast<size_t>(t.bytes());
  t = Tensor::allocate(t);
  if (bytes > 0) std::memcpy(t.data.get(), a.data(), bytes);
  return t;
}

ArgValue to_argument(nb::handle object) {
  if (object.is_none()) return std::monostate();
  if (nb::isinstance<nb::bool_>(object)) return nb::cast<bool>(object);
  if (nb::isinstance<Value>(object)) return nb::cast<Value>(object);
  if (nb::isinstance<nb::str>(object)) return nb::cast<std::string>(object);
  if (nb::isinstance<nb::float_>(object)) return nb::cast<double>(object);
  if (PyLong_Check(object.ptr())) {
    // The bits of a number above 2^63 are kept: types that hold it read them so.
    const long long i = PyLong_AsLongLong(object.ptr());
    if (i == -1 && PyErr_Occurred()) {
      PyErr_Clear();
      return PyLong_AsDouble(object.ptr());
    }
    return static_cast<int64_t>(i);
  }
  if (nb::isinstance<nb::list>(object) || nb::isinstance<nb::tuple>(object))
    return from_sequence(object);
  if (nb::hasattr(object, "__array__") || nb::hasattr(object, "__dlpack__")) {
    Tensor t = to_tensor(object, "");
    if (t.shape.ndim() == 0 && t.dtype != DType::Bool) {
      nb::object item = nb::module_::import_("numpy").attr("asarray")(object).attr("item")();
      return to_argument(item);
    }
    return t;
  }
  if (PyIndex_Check(object.ptr()))
    return static_cast<int64_t>(PyNumber_AsSsize_t(object.ptr(), nullptr));
  if (PySequence_Check(object.ptr())) return from_sequence(object);
  throw nb::type_error("this kind of argument is not supported");
}

nb::object to_numpy(const Tensor& t) {
  if (t.device) return to_numpy(to_host(t));
  std::vector<size_t> shape(t.shape.begin(), t.shape.end());
  auto* held = new Tensor(t);
  nb::capsule owner(held, [](void* p) noexcept { delete static_cast<Tensor*>(p); });
  return nb::cast(nb::ndarray<nb::numpy>(t.data.get(), shape.size(), shape.data(), owner, nullptr,
                                         dlpack_of(t.dtype)));
}

nb::object to_python(const ArgValue& value) {
  return std::visit(
      [](const auto& v) -> nb::object {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::monostate> || std::is_same_v<T, Value>)
          return nb::none();
        else if constexpr (std::is_same_v<T, Tensor>)
          return to_numpy(v);
        else
          return nb::cast(v);
      },
      value);
}

}  // namespace vg::python
