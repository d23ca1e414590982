// Runs a check once for every kind of vector instructions that this machine has.
#pragma once

#include <gtest/gtest.h>

#include "cpu/target.h"

namespace vg::test {

template <class F>
void on_each_target(F check) {
  const cpu::Target before = cpu::target();
  for (const cpu::Target target : cpu::targets()) {
    SCOPED_TRACE(cpu::name_of(target));
    cpu::set_target(target);
    check();
  }
  cpu::set_target(before);
}

}  // namespace vg::test
