#include "bot/loop.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace wasl::bot {
namespace {

class AsioLoop final : public Loop {
 public:
  explicit AsioLoop(boost::asio::io_context& context) : context_(context) {}

  void post(std::function<void()> work) override { boost::asio::post(context_, std::move(work)); }

  void after(Millis wait, std::function<void()> work) override {
    auto timer = std::make_unique<boost::asio::steady_timer>(context_, wait);
    boost::asio::steady_timer& armed = *timer;
    armed.async_wait(
        [timer = std::move(timer), work = std::move(work)](boost::system::error_code error) {
          if (!error) work();
        });
  }

 private:
  boost::asio::io_context& context_;
};

}  // namespace

std::unique_ptr<Loop> make_loop(boost::asio::io_context& context) {
  return std::make_unique<AsioLoop>(context);
}

}  // namespace wasl::bot
